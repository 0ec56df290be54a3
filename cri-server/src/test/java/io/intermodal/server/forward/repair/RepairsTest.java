package io.intermodal.server.forward.repair;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ExecResponse;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.RuntimeConfigResponse;
import io.intermodal.cri.v1.StreamContainersResponse;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.ScriptedFacts;
import io.intermodal.server.forward.Forwarded;
import io.intermodal.server.forward.ForwardedEngine.Mode;
import io.intermodal.server.wire.CriVersion;
import io.intermodal.server.wire.Frames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine lacks and callers get nevertheless. */
@Timeout(60)
class RepairsTest {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] REQUEST = {10, 2, 'c', '1'};

  @TempDir Path folder;
  private CriOnSocket engine;
  private Forwarded forwarded;

  @BeforeEach
  void start() throws Exception {
    engine = CriOnSocket.at(folder.resolve("engine.sock"));
    forwarded = Forwarded.to(engine);
  }

  @AfterEach
  void stop() throws Exception {
    forwarded.close();
    engine.close();
  }

  @Test
  void the_cgroup_driver_is_the_one_of_the_engines_configuration() throws Exception {
    byte[] answer = forwarded.served().call("RuntimeConfig", NOTHING).answer();

    assertThat(RuntimeConfigResponse.parseFrom(answer).getLinux().getCgroupDriver())
        .isEqualTo(CgroupDriver.CGROUPFS);
    assertThat(forwarded.repaired()).containsExactly("RuntimeConfig");
  }

  @Test
  void a_cgroup_driver_that_nobody_knows_is_not_made_up() throws Exception {
    try (Forwarded without =
        Forwarded.to(engine, ScriptedFacts.of(engine).withoutCgroupDriver(), Mode.REPAIRED)) {
      Status end = without.served().call("RuntimeConfig", NOTHING).end();

      assertThat(end.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(end.getDescription()).contains("unknown method").contains("cgroupDriver");
    }
  }

  @Test
  void an_engine_that_has_runtime_config_is_believed() throws Exception {
    engine.answers("RuntimeConfig", new byte[] {10, 2, 8, 0});

    assertThat(forwarded.served().call("RuntimeConfig", NOTHING).answer())
        .containsExactly(10, 2, 8, 0);
    assertThat(forwarded.repaired()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "StopPodSandbox",
        "RemovePodSandbox",
        "StopContainer",
        "RemoveContainer",
        "RemoveImage"
      })
  void to_stop_or_to_remove_what_is_gone_succeeds(String rpc) throws Exception {
    engine.refuses(rpc, Status.NOT_FOUND.withDescription("c1 does not exist"));

    assertThat(forwarded.served().call(rpc, REQUEST).answer()).isEmpty();
    assertThat(forwarded.repaired()).containsExactly(rpc);
    assertThat(engine.last(rpc).messages()).containsExactly(REQUEST);
  }

  @ParameterizedTest
  @CsvSource({
    "StopContainer, NOT_FOUND, its task was not found",
    "StopContainer, UNKNOWN, c1 does not exist",
    "RemoveContainer, UNAVAILABLE, try again",
    "ContainerStatus, NOT_FOUND, c1 does not exist",
    "StartContainer, NOT_FOUND, c1 does not exist",
    "RuntimeConfig, UNKNOWN, no",
    "StreamContainers, UNKNOWN, no",
  })
  void any_other_refusal_stands(String rpc, Status.Code code, String said) throws Exception {
    engine.refuses(rpc, code.toStatus().withDescription(said));

    Status end = forwarded.served().call(rpc, REQUEST).end();

    assertThat(end.getCode()).isEqualTo(code);
    assertThat(end.getDescription()).isEqualTo(said);
    assertThat(forwarded.repaired()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "StreamPodSandboxes, ListPodSandbox",
    "StreamContainers, ListContainers",
    "StreamContainerStats, ListContainerStats",
    "StreamPodSandboxStats, ListPodSandboxStats",
    "StreamPodSandboxMetrics, ListPodSandboxMetrics",
    "StreamImages, ListImages",
  })
  void a_stream_is_made_of_the_list_with_the_same_request(String stream, String list)
      throws Exception {
    byte[] items = {10, 1, 7, 10, 1, 8};
    engine.answers(list, items);

    RawCall call = forwarded.served().call(stream, REQUEST);

    assertThat(call.rest()).containsExactly(items);
    assertThat(call.end().isOk()).isTrue();
    assertThat(engine.last(list).messages()).containsExactly(REQUEST);
    assertThat(forwarded.repaired()).containsExactly(stream);
  }

  @Test
  void a_large_list_comes_in_pieces_and_each_item_once() throws Exception {
    List<String> ids = IntStream.range(0, 3000).mapToObj("c%04d"::formatted).toList();
    ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
    ids.forEach(id ->
        list.addContainers(
            Container.newBuilder()
                .setId(id)
                .putAnnotations("filler", "x".repeat(1000))
                .setUnknownFields(
                    UnknownFieldSet.newBuilder()
                        .addField(7777, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())));
    engine.answers("ListContainers", list.build().toByteArray());

    RawCall call = forwarded.served().call("StreamContainers", NOTHING);

    List<byte[]> pieces = call.rest();
    assertThat(pieces).hasSizeGreaterThan(3).allMatch(piece -> piece.length <= 512 << 10);
    List<Container> containers = new ArrayList<>();
    for (byte[] piece : pieces) {
      containers.addAll(StreamContainersResponse.parseFrom(piece).getContainersList());
    }
    assertThat(containers).isEqualTo(list.getContainersList());
  }

  @Test
  void an_empty_list_is_a_stream_without_messages() throws Exception {
    RawCall call = forwarded.served().call("StreamContainers", NOTHING);

    assertThat(call.end().isOk()).isTrue();
    assertThat(call.rest()).isEmpty();
  }

  @Test
  void a_caller_takes_pieces_at_its_own_pace() throws Exception {
    ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
    for (int i = 0; i < 3; i++) {
      list.addContainers(Container.newBuilder().setId("c" + i).setImageRef("x".repeat(600 << 10)));
    }
    engine.answers("ListContainers", list.build().toByteArray());
    RawCall call =
        RawCall.start(
                forwarded.served().channel(),
                Frames.rpc("StreamContainers"),
                CallOptions.DEFAULT,
                new Metadata())
            .say(NOTHING)
            .done();

    for (int i = 0; i < 3; i++) {
      assertThat(call.hasEnded()).isFalse();
      call.take(1);
      assertThat(StreamContainersResponse.parseFrom(call.next()).getContainers(0).getId())
          .isEqualTo("c" + i);
    }
    assertThat(call.end().isOk()).isTrue();
  }

  @Test
  void what_the_list_answers_instead_is_what_the_stream_answers() throws Exception {
    engine.refuses("ListContainers", Status.DATA_LOSS.withDescription("the database is gone"));

    Status end = forwarded.served().call("StreamContainers", NOTHING).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.DATA_LOSS);
    assertThat(end.getDescription()).isEqualTo("the database is gone");
  }

  @Test
  void a_caller_that_leaves_a_repaired_stream_ends_the_engines_list() throws Exception {
    engine.hangs("ListContainers");
    RawCall call = forwarded.served().call("StreamContainers", NOTHING);
    CriOnSocket.Seen list = engine.last("ListContainers");

    call.hangUp();

    assertThat(list.wasCancelled()).isTrue();
  }

  @Test
  void the_deadline_of_a_repaired_stream_is_the_one_of_the_engines_list() throws Exception {
    var _ = forwarded.served().call("StreamContainers", NOTHING, Duration.ofSeconds(50)).rest();

    assertThat(engine.last("ListContainers").left().orElseThrow())
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(50));
  }

  @Test
  void a_caller_of_the_old_version_is_given_the_same() throws Exception {
    engine.serves(CriVersion.V1ALPHA2).answers("ListContainers", new byte[] {10, 0});

    RawCall call =
        RawCall.of(
            forwarded.served().channel(),
            Frames.method("runtime.v1alpha2.RuntimeService/StreamContainers"),
            NOTHING);

    assertThat(call.rest()).containsExactly(new byte[] {10, 0});
  }

  @ParameterizedTest
  @ValueSource(strings = {"Exec", "Attach", "PortForward"})
  void a_url_without_a_host_leads_to_this_host(String rpc) throws Exception {
    engine.answers(rpc, url(":10010/exec/t"));

    assertThat(forwarded.served().call(rpc, REQUEST).answer())
        .isEqualTo(url("http://127.0.0.1:10010/exec/t"));
    assertThat(forwarded.repaired()).containsExactly(rpc);
  }

  @Test
  void a_url_that_lacks_nothing_is_the_engines() throws Exception {
    engine.answers("Exec", url("https://10.0.0.1:10010/exec/t"));

    assertThat(forwarded.served().call("Exec", REQUEST).answer())
        .isEqualTo(url("https://10.0.0.1:10010/exec/t"));
    assertThat(forwarded.repaired()).isEmpty();
  }

  @Test
  void strictly_forwarded_nothing_is_repaired() throws Exception {
    engine
        .refuses("RemoveContainer", Status.NOT_FOUND.withDescription("c1 does not exist"))
        .answers("Exec", url(":10010/exec/t"));
    try (Forwarded strict = Forwarded.to(engine, Mode.STRICT)) {
      for (String rpc : List.of("RuntimeConfig", "StreamContainers")) {
        Status end = strict.served().call(rpc, NOTHING).end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(end.getDescription()).startsWith("unknown method " + rpc);
      }
      assertThat(strict.served().call("RemoveContainer", REQUEST).end().getCode())
          .isEqualTo(Status.Code.NOT_FOUND);
      assertThat(strict.served().call("Exec", REQUEST).answer()).isEqualTo(url(":10010/exec/t"));
      assertThat(strict.repaired()).isEmpty();
    }
  }

  private static byte[] url(String url) {
    return ExecResponse.newBuilder().setUrl(url).build().toByteArray();
  }
}
