package io.intermodal.server.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.Until;
import io.intermodal.server.wire.Frames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller and an engine hear of each other, over two sockets. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingTest {
  private static final Metadata.Key<String> TEXT =
      Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> BYTES =
      Metadata.Key.of("x-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String OF_THE_FUTURE = "runtime.v1.RuntimeService/OfTheFuture";
  private static final byte[] ALL_BYTES = allBytes();
  private static final byte[] NOTHING = new byte[0];

  private CriOnSocket engine;
  private Forwarded forwarded;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    engine = CriOnSocket.at(folder.resolve("engine.sock"));
    forwarded = Forwarded.to(engine);
  }

  @BeforeEach
  void forget() {
    engine.forget();
  }

  @AfterAll
  void stop() throws Exception {
    forwarded.close();
    engine.close();
  }

  @ParameterizedTest
  @EnumSource(Status.Code.class)
  void every_status_arrives_with_its_text_details_and_trailers(Status.Code code) throws Exception {
    engine.does(
        "ContainerStatus",
        CriOnSocket.onRequest((call, _) -> {
          if (code == Status.Code.OK) {
            call.sendHeaders(new Metadata());
            call.sendMessage(NOTHING);
          }
          Metadata trailers = new Metadata();
          trailers.put(DETAILS, ALL_BYTES);
          trailers.put(TEXT, "one");
          trailers.put(TEXT, "two");
          call.close(code.toStatus().withDescription("said: 100 % \u00e4\n" + code), trailers);
        }));

    RawCall call = forwarded.served().call("ContainerStatus", NOTHING);

    assertThat(call.end().getCode()).isEqualTo(code);
    assertThat(call.end().getDescription()).isEqualTo("said: 100 % \u00e4\n" + code);
    assertThat(call.trailers().get(DETAILS)).isEqualTo(ALL_BYTES);
    assertThat(call.trailers().getAll(TEXT)).containsExactly("one", "two");
    assertThat(call.hasHeaders()).isEqualTo(code == Status.Code.OK);
  }

  @Test
  void metadata_goes_both_ways_text_and_bytes() throws Exception {
    engine.does(
        "Status",
        CriOnSocket.onRequest((call, _) -> {
          Metadata headers = new Metadata();
          headers.put(TEXT, "from the engine");
          headers.put(BYTES, ALL_BYTES);
          call.sendHeaders(headers);
          call.sendMessage(NOTHING);
          call.close(Status.OK, new Metadata());
        }));
    Metadata headers = new Metadata();
    headers.put(TEXT, "from the caller");
    headers.put(TEXT, "again");
    headers.put(BYTES, ALL_BYTES);

    RawCall call =
        RawCall.of(
            forwarded.served().channel(),
            Frames.rpc("Status"),
            NOTHING,
            CallOptions.DEFAULT,
            headers);

    assertThat(call.end().isOk()).isTrue();
    assertThat(call.headers().get(TEXT)).isEqualTo("from the engine");
    assertThat(call.headers().get(BYTES)).isEqualTo(ALL_BYTES);
    Metadata seen = engine.last("Status").headers();
    assertThat(seen.getAll(TEXT)).containsExactly("from the caller", "again");
    assertThat(seen.get(BYTES)).isEqualTo(ALL_BYTES);
  }

  @Test
  void a_deadline_reaches_the_engine_as_it_is() throws Exception {
    engine.answers("Status", NOTHING);

    var _ = forwarded.served().call("Status", NOTHING, Duration.ofSeconds(1000)).answer();

    assertThat(engine.last("Status").left().orElseThrow())
        .isBetween(Duration.ofSeconds(980), Duration.ofSeconds(1000));
  }

  @Test
  void a_call_without_a_deadline_stays_without() throws Exception {
    engine.answers("Status", NOTHING);

    var _ = forwarded.served().call("Status", NOTHING).answer();

    assertThat(engine.last("Status").left()).isEmpty();
  }

  @Test
  void a_caller_that_hangs_up_ends_the_engines_call() throws Exception {
    engine.hangs("ExecSync");
    RawCall call = forwarded.served().call("ExecSync", NOTHING);
    CriOnSocket.Seen seen = engine.last("ExecSync");
    Until.holds("the request arrives", () -> seen.messages().size() == 1);
    assertThat(seen.isCancelled()).isFalse();

    call.hangUp();

    assertThat(seen.wasCancelled()).isTrue();
  }

  @Test
  void a_deadline_that_passes_ends_the_engines_call() throws Exception {
    engine.hangs("ExecSync");
    var _ = forwarded.served().call("Version", NOTHING).answer();

    RawCall call = forwarded.served().call("ExecSync", NOTHING, Duration.ofMillis(300));

    assertThat(call.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(engine.last("ExecSync").wasCancelled()).isTrue();
  }

  @Test
  void fields_that_we_do_not_know_pass_both_ways() throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                7777,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(1)
                    .addFixed32(2)
                    .addFixed64(3)
                    .addLengthDelimited(ByteString.copyFrom(ALL_BYTES))
                    .addGroup(UnknownFieldSet.getDefaultInstance())
                    .build())
            .build();
    byte[] request =
        RunPodSandboxRequest.newBuilder()
            .setConfig(PodSandboxConfig.newBuilder().setUnknownFields(unknown))
            .setUnknownFields(unknown)
            .build()
            .toByteArray();
    byte[] answer =
        RunPodSandboxResponse.newBuilder()
            .setPodSandboxId("p1")
            .setUnknownFields(unknown)
            .build()
            .toByteArray();
    engine.answers("RunPodSandbox", answer);

    assertThat(forwarded.served().call("RunPodSandbox", request).answer()).isEqualTo(answer);
    assertThat(engine.last("RunPodSandbox").messages()).containsExactly(request);
  }

  @ParameterizedTest
  @ValueSource(strings = {OF_THE_FUTURE, "runtime.v2.RuntimeService/Pods", "some.other.Thing/Do"})
  void an_rpc_that_nobody_knows_passes_with_one_message_each_way(String method) throws Exception {
    engine.computes(method.substring(method.indexOf('/') + 1), request -> request);

    byte[] answer =
        RawCall.of(forwarded.served().channel(), Frames.method(method), ALL_BYTES).answer();

    assertThat(answer).isEqualTo(ALL_BYTES);
    assertThat(engine.seen(method.substring(method.indexOf('/') + 1)).getFirst().method())
        .isEqualTo(method);
  }

  @Test
  void an_rpc_that_nobody_knows_may_stream_its_answer() throws Exception {
    engine.does(
        "OfTheFuture",
        CriOnSocket.onRequest((call, _) -> {
          call.sendHeaders(new Metadata());
          for (int i = 0; i < 5; i++) {
            call.sendMessage(text("m" + i));
          }
          call.close(Status.OK, new Metadata());
        }));

    RawCall call = RawCall.of(forwarded.served().channel(), Frames.method(OF_THE_FUTURE), NOTHING);

    assertThat(texts(call.rest())).containsExactly("m0", "m1", "m2", "m3", "m4");
    assertThat(call.end().isOk()).isTrue();
  }

  @Test
  void an_rpc_that_nobody_knows_may_stream_its_request() throws Exception {
    engine.does(
        "OfTheFuture",
        (call, _, seen) -> {
          call.request(Integer.MAX_VALUE);
          return new CriOnSocket.Recorded(seen) {
            @Override
            public void onHalfClose() {
              call.sendHeaders(new Metadata());
              call.sendMessage(text("got " + seen.messages().size()));
              call.close(Status.OK, new Metadata());
            }
          };
        });
    RawCall call = unknown();

    call.take(1);
    for (int i = 0; i < 5; i++) {
      call.say(text("m" + i));
    }
    call.done();

    assertThat(new String(call.answer(), UTF_8)).isEqualTo("got 5");
    assertThat(texts(engine.last("OfTheFuture").messages()))
        .containsExactly("m0", "m1", "m2", "m3", "m4");
  }

  @Test
  void an_rpc_that_nobody_knows_may_be_a_conversation() throws Exception {
    engine.does("OfTheFuture", CriOnSocket.echo());
    RawCall call = unknown();

    call.take(Integer.MAX_VALUE);
    for (int i = 0; i < 5; i++) {
      call.say(text("m" + i));
      assertThat(new String(call.next(), UTF_8)).isEqualTo("m" + i);
    }
    assertThat(call.hasEnded()).isFalse();
    call.done();

    assertThat(call.end().isOk()).isTrue();
  }

  @Test
  void a_message_of_16_mib_passes_both_ways() throws Exception {
    engine.computes("ListContainers", request -> request);
    byte[] largest = new byte[16 << 20];
    largest[largest.length - 1] = 1;

    byte[] answer = forwarded.served().call("ListContainers", largest).answer();

    assertThat(answer).isEqualTo(largest);
  }

  @Test
  void a_larger_request_is_refused_and_the_next_one_is_served() throws Exception {
    engine.computes("ListContainers", request -> request);

    Status end = forwarded.served().call("ListContainers", new byte[(16 << 20) + 1]).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("16777216").contains("16777217");
    assertThat(forwarded.served().call("ListContainers", ALL_BYTES).answer()).isEqualTo(ALL_BYTES);
  }

  @Test
  void a_larger_answer_is_refused_and_the_next_one_is_served() throws Exception {
    engine.answers("ListContainers", new byte[(16 << 20) + 1]).answers("ListImages", ALL_BYTES);

    Status end = forwarded.served().call("ListContainers", NOTHING).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("16777216").contains("16777217");
    assertThat(forwarded.served().call("ListImages", NOTHING).answer()).isEqualTo(ALL_BYTES);
  }

  @Test
  void two_hundred_calls_at_once_get_their_own_answers() throws Exception {
    engine.computes("ListContainers", request -> request);

    List<RawCall> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(forwarded.served().call("ListContainers", text("call " + i)));
    }

    for (int i = 0; i < 200; i++) {
      assertThat(new String(calls.get(i).answer(), UTF_8)).isEqualTo("call " + i);
    }
    assertThat(engine.seen("ListContainers")).hasSize(200);
  }

  @Test
  void generated_stubs_work_as_with_the_engine_itself() {
    engine.answers(
        "ListContainers",
        ListContainersResponse.newBuilder()
            .addContainers(Container.newBuilder().setId("c1"))
            .build()
            .toByteArray());

    var answer =
        forwarded
            .served()
            .client()
            .runtime()
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .listContainers(ListContainersRequest.getDefaultInstance());

    assertThat(answer.getContainersList()).extracting("id").containsExactly("c1");
  }

  private RawCall unknown() {
    return RawCall.start(
        forwarded.served().channel(),
        Frames.method(OF_THE_FUTURE),
        CallOptions.DEFAULT,
        new Metadata());
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static List<String> texts(List<byte[]> messages) {
    return messages.stream().map(message -> new String(message, UTF_8)).toList();
  }

  private static byte[] allBytes() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return all;
  }
}
