package io.intermodal.server.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FieldsTest {
  private static final int HANDLER = RunPodSandboxRequest.RUNTIME_HANDLER_FIELD_NUMBER;

  /** One of each kind on the wire, a group in a group included. */
  private static final UnknownFieldSet UNKNOWN =
      UnknownFieldSet.newBuilder()
          .addField(
              7777,
              UnknownFieldSet.Field.newBuilder()
                  .addVarint(-1)
                  .addFixed32(2)
                  .addFixed64(3)
                  .addLengthDelimited(ByteString.copyFromUtf8("x".repeat(300)))
                  .addGroup(
                      UnknownFieldSet.newBuilder()
                          .addField(
                              HANDLER,
                              UnknownFieldSet.Field.newBuilder()
                                  .addLengthDelimited(ByteString.copyFromUtf8("inside"))
                                  .addGroup(UnknownFieldSet.getDefaultInstance())
                                  .build())
                          .build())
                  .build())
          .build();

  private static final RunPodSandboxRequest REQUEST =
      RunPodSandboxRequest.newBuilder()
          .setRuntimeHandler("k\u00e4ta")
          .setUnknownFields(UNKNOWN)
          .build();

  @Test
  void a_text_is_found_among_unknown_fields_of_every_kind() {
    assertThat(Fields.text(REQUEST.toByteArray(), HANDLER)).contains("k\u00e4ta");
    assertThat(Fields.text(REQUEST.toByteArray(), 1)).isEmpty();
    assertThat(Fields.text(new byte[0], HANDLER)).isEmpty();
  }

  @Test
  void the_last_of_several_counts() {
    byte[] twice = joined(handler("first"), handler("last"));

    assertThat(Fields.text(twice, HANDLER)).contains("last");
  }

  @Test
  void a_number_under_the_same_field_is_no_text() {
    byte[] number = {(byte) (HANDLER << 3), 5};

    assertThat(Fields.text(number, HANDLER)).isEmpty();
    assertThat(Fields.text(joined(handler("text"), number), HANDLER)).contains("text");
  }

  @Test
  void a_message_is_found_with_all_its_bytes() {
    ImageSpec image = ImageSpec.newBuilder().setImage("app:1").setUnknownFields(UNKNOWN).build();
    byte[] request = PullImageRequest.newBuilder().setImage(image).build().toByteArray();

    assertThat(Fields.bytes(request, 1)).contains(image.toByteArray());
  }

  @Test
  void a_replaced_text_is_the_only_change() throws Exception {
    byte[] changed = Fields.withText(REQUEST.toByteArray(), HANDLER, "runc");

    assertThat(RunPodSandboxRequest.parseFrom(changed))
        .isEqualTo(REQUEST.toBuilder().setRuntimeHandler("runc").build());
  }

  @Test
  void several_are_replaced_by_one() throws Exception {
    byte[] changed = Fields.withText(joined(handler("a"), handler("b")), HANDLER, "c");

    assertThat(changed).isEqualTo(handler("c"));
  }

  @Test
  void empty_text_leaves_the_field_out() throws Exception {
    assertThat(Fields.withText(handler("kata"), HANDLER, "")).isEmpty();
    assertThat(Fields.withText(new byte[0], HANDLER, "kata")).isEqualTo(handler("kata"));
  }

  @Test
  void all_items_come_in_order_without_other_fields() throws Exception {
    byte[] list = list("a", "b", "c").toBuilder().setUnknownFields(UNKNOWN).build().toByteArray();

    List<String> ids = new ArrayList<>();
    for (byte[] item : Fields.all(list, 1)) {
      ids.add(Container.parseFrom(item).getId());
    }

    assertThat(ids).containsExactly("a", "b", "c");
  }

  @Test
  void pieces_are_no_larger_than_allowed_and_together_the_list() throws Exception {
    ListContainersResponse list =
        list("a", "b".repeat(50), "c", "d".repeat(200), "e", "f").toBuilder()
            .setUnknownFields(UNKNOWN)
            .build();

    List<byte[]> pieces = Fields.pieces(list.toByteArray(), 100);

    assertThat(pieces.stream().map(FieldsTest::ids).toList())
        .startsWith(List.of("a", "b".repeat(50), "c"), List.of("d".repeat(200)), List.of("e", "f"));
    assertThat(pieces.get(0).length).isLessThanOrEqualTo(100);
    assertThat(joined(pieces.toArray(byte[][]::new))).isEqualTo(list.toByteArray());
  }

  @Test
  void an_empty_list_has_no_pieces() throws Exception {
    assertThat(Fields.pieces(new byte[0], 100)).isEmpty();
  }

  static Stream<byte[]> what_is_no_message() {
    byte[] whole = REQUEST.toByteArray();
    return Stream.of(
        Arrays.copyOf(whole, whole.length - 1),
        Arrays.copyOf(whole, 3),
        // A length that goes far beyond the end, and one that is negative.
        new byte[] {10, -1, -1, -1, -1, 7},
        new byte[] {10, -1, -1, -1, -1, 15},
        // Field 0; an unknown kind; a number without an end; a group without one.
        new byte[] {0, 1},
        new byte[] {15, 1},
        new byte[] {8, -1},
        new byte[] {11, 8, 1},
        "HTTP/1.1 400 Bad Request".getBytes(UTF_8));
  }

  @ParameterizedTest
  @MethodSource
  void what_is_no_message(byte[] garbage) {
    assertThat(Fields.text(garbage, 99)).isEmpty();
    assertThatThrownBy(() -> Fields.withText(garbage, HANDLER, "x"))
        .isInstanceOf(InvalidProtocolBufferException.class);
    assertThatThrownBy(() -> Fields.all(garbage, 1))
        .isInstanceOf(InvalidProtocolBufferException.class);
    assertThatThrownBy(() -> Fields.pieces(garbage, 10))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  private static byte[] handler(String handler) {
    return RunPodSandboxRequest.newBuilder().setRuntimeHandler(handler).build().toByteArray();
  }

  private static ListContainersResponse list(String... ids) {
    ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
    for (String id : ids) {
      list.addContainers(Container.newBuilder().setId(id));
    }
    return list.build();
  }

  private static List<String> ids(byte[] list) {
    try {
      return ListContainersResponse.parseFrom(list).getContainersList().stream()
          .map(Container::getId)
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] joined(byte[]... parts) {
    ByteString all = ByteString.EMPTY;
    for (byte[] part : parts) {
      all = all.concat(ByteString.copyFrom(part));
    }
    return all.toByteArray();
  }
}
