package io.intermodal.server.several;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.StopPodSandboxResponse;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.Served;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.wire.Frames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of docker (translated, the default), containerd and cri-o a request goes to. */
@Timeout(60)
class RoutingTest {
  private static final byte[] NOTHING = new byte[0];
  private static final Status GONE = Status.NOT_FOUND.withDescription("no such id");

  @TempDir Path folder;
  private final Docker docker = new Docker();
  private CriOnSocket containerd;
  private CriOnSocket crio;
  private Several several;
  private Served served;

  /** Notes what it is asked. */
  private static final class Docker extends EmptyEngine {
    final List<MessageLite> asked = new CopyOnWriteArrayList<>();

    @Override
    public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request, Call call) {
      asked.add(request);
      return RunPodSandboxResponse.newBuilder().setPodSandboxId("d1").build();
    }

    @Override
    public StopPodSandboxResponse stopPodSandbox(StopPodSandboxRequest request, Call call) {
      asked.add(request);
      return StopPodSandboxResponse.getDefaultInstance();
    }
  }

  @BeforeEach
  void start() throws Exception {
    containerd =
        engine("containerd")
            .answers(
                "ListPodSandbox",
                ListPodSandboxResponse.newBuilder()
                    .addItems(PodSandbox.newBuilder().setId("abc123"))
                    .build()
                    .toByteArray())
            .answers(
                "ListContainers",
                ListContainersResponse.newBuilder()
                    .addContainers(Container.newBuilder().setId("c1"))
                    .build()
                    .toByteArray());
    crio =
        engine("cri-o")
            .answers(
                "ListPodSandbox",
                ListPodSandboxResponse.newBuilder()
                    .addItems(PodSandbox.newBuilder().setId("abd456"))
                    .addItems(PodSandbox.newBuilder().setId("ab"))
                    .build()
                    .toByteArray());
    several =
        Several.in(folder)
            .with("docker", docker)
            .with("containerd", containerd)
            .with("cri-o", crio);
    served = several.serve();
  }

  private CriOnSocket engine(String name) throws Exception {
    return CriOnSocket.at(folder.resolve(name + ".sock"))
        .refuses("PodSandboxStatus", GONE)
        .refuses("ContainerStatus", GONE)
        .answers("StopPodSandbox", NOTHING)
        .answers("StartContainer", NOTHING)
        .answers("OfTheFuture", name.getBytes(US_ASCII));
  }

  @AfterEach
  void stop() throws Exception {
    several.close();
    containerd.close();
    crio.close();
  }

  @ParameterizedTest
  @CsvSource({
    "containerd, containerd, ''",
    "containerd/kata, containerd, kata",
    "containerd/a/b, containerd, a/b",
    "fast, containerd, kata",
    "cri-o, cri-o, ''",
    "cri-o/crun, cri-o, crun",
    "other, cri-o, ''",
  })
  void a_runtime_handler_names_engine_and_handler(String asked, String name, String handler)
      throws Exception {
    CriOnSocket engine = name.equals("containerd") ? containerd : crio;
    engine.answers("RunPodSandbox", made("p1"));
    RunPodSandboxRequest request =
        RunPodSandboxRequest.newBuilder()
            .setRuntimeHandler(asked)
            .mergeFrom(unknownField())
            .build();

    assertThat(served.call("RunPodSandbox", request.toByteArray()).answer()).isEqualTo(made("p1"));
    assertThat(RunPodSandboxRequest.parseFrom(engine.last("RunPodSandbox").messages().getFirst()))
        .isEqualTo(request.toBuilder().setRuntimeHandler(handler).build());
    assertThat(docker.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "docker, ''", "docker/runc, runc", "kata, kata", "gvisor/x, gvisor/x"})
  void every_other_handler_is_the_default_engines(String asked, String handler) throws Exception {
    var _ =
        served
            .call(
                "RunPodSandbox",
                RunPodSandboxRequest.newBuilder().setRuntimeHandler(asked).build().toByteArray())
            .answer();

    assertThat(docker.asked)
        .containsExactly(RunPodSandboxRequest.newBuilder().setRuntimeHandler(handler).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rkt", "rkt/kvm", "away"})
  void a_handler_of_an_engine_that_is_not_served_is_refused(String handler) throws Exception {
    Status end =
        served
            .call(
                "RunPodSandbox",
                RunPodSandboxRequest.newBuilder().setRuntimeHandler(handler).build().toByteArray())
            .end();

    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription())
        .contains("\"" + handler + "\"", "engine rkt", "docker, containerd, cri-o")
        .contains("--container-runtime");
  }

  @Test
  void what_was_made_is_known_at_once() throws Exception {
    crio.answers("RunPodSandbox", made("p1"))
        .answers(
            "CreateContainer",
            CreateContainerResponse.newBuilder().setContainerId("c5").build().toByteArray());

    var _ = served.call("RunPodSandbox", handler("cri-o")).answer();
    byte[] create = CreateContainerRequest.newBuilder().setPodSandboxId("p1").build().toByteArray();
    var _ = served.call("CreateContainer", create).answer();
    byte[] start = StartContainerRequest.newBuilder().setContainerId("c5").build().toByteArray();
    var _ = served.call("StartContainer", start).answer();

    assertThat(crio.last("CreateContainer").messages()).containsExactly(create);
    assertThat(crio.last("StartContainer").messages()).containsExactly(start);
    assertThat(crio.seen("PodSandboxStatus")).isEmpty();
    assertThat(crio.seen("ContainerStatus")).isEmpty();
    assertThat(containerd.seen("StartContainer")).isEmpty();
  }

  @Test
  void what_was_there_before_is_known_from_the_lists_by_its_beginning_too() throws Exception {
    several.knows("containerd", ContentKind.SANDBOXES, 1).knows("cri-o", ContentKind.SANDBOXES, 2);
    containerd.forget();
    crio.forget();

    var _ = served.call("StopPodSandbox", sandbox("abc")).answer();
    // The whole id of one engine, and the beginning of another's.
    var _ = served.call("StopPodSandbox", sandbox("ab")).answer();
    Status ambiguous = served.call("StopPodSandbox", sandbox("a")).end();

    assertThat(containerd.last("StopPodSandbox").messages()).containsExactly(sandbox("abc"));
    assertThat(crio.last("StopPodSandbox").messages()).containsExactly(sandbox("ab"));
    assertThat(ambiguous.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(ambiguous.getDescription()).contains("containerd and cri-o");
    assertThat(containerd.seen("PodSandboxStatus")).isEmpty();
  }

  @Test
  void what_nobody_knows_is_asked_of_all_once() throws Exception {
    crio.answers("PodSandboxStatus", NOTHING);

    var _ = served.call("StopPodSandbox", sandbox("p9")).answer();
    var _ = served.call("StopPodSandbox", sandbox("p9")).answer();

    assertThat(crio.seen("StopPodSandbox")).hasSize(2);
    assertThat(crio.seen("PodSandboxStatus")).hasSize(1);
    assertThat(containerd.seen("StopPodSandbox")).isEmpty();
  }

  @Test
  void what_no_engine_has_goes_to_the_default_one() throws Exception {
    var _ = served.call("StopPodSandbox", sandbox("p9")).answer();

    assertThat(docker.asked)
        .containsExactly(StopPodSandboxRequest.newBuilder().setPodSandboxId("p9").build());
  }

  @Test
  void what_may_be_on_an_engine_that_is_away_is_not_said_to_be_gone() throws Exception {
    crio.die();

    Status end = served.call("StopPodSandbox", sandbox("p9")).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.getDescription()).contains("p9", "cri-o does not answer").contains("try again");
    assertThat(docker.asked).isEmpty();
  }

  @Test
  void a_hung_engine_does_not_hold_up_what_another_one_has() throws Exception {
    containerd.hangs("PodSandboxStatus");
    crio.answers("PodSandboxStatus", NOTHING);

    long start = System.nanoTime();
    RawCall call = served.call("StopPodSandbox", sandbox("p9"));

    assertThat(Several.durationOf(call, start)).isLessThan(Duration.ofMillis(1500));
    assertThat(call.end().isOk()).isTrue();
  }

  @Test
  void a_callers_short_patience_does_not_count_as_an_engine_that_is_away() throws Exception {
    containerd.hangs("PodSandboxStatus");
    crio.hangs("PodSandboxStatus");
    var _ = served.call("Version", NOTHING).answer();

    RawCall call = served.call("StopPodSandbox", sandbox("p9"), Duration.ofMillis(200));

    assertThat(call.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(several.member("containerd").trouble()).isEmpty();
  }

  @Test
  void a_caller_that_leaves_before_its_engine_is_found_leaves_nothing_behind() throws Exception {
    crio.hangs("PodSandboxStatus");
    RawCall call = served.call("StopPodSandbox", sandbox("p9"));
    CriOnSocket.Seen asked = crio.last("PodSandboxStatus");

    call.hangUp();
    assertThat(call.end().getCode()).isEqualTo(Status.Code.CANCELLED);
    // Its answer comes when nobody wants it any longer.
    asked.call().sendHeaders(new Metadata());
    asked.call().sendMessage(NOTHING);
    asked.call().close(Status.OK, new Metadata());

    var _ = served.call("Version", NOTHING).answer();
    assertThat(crio.seen("StopPodSandbox")).isEmpty();
  }

  @Test
  void an_rpc_of_the_future_goes_to_whose_id_it_begins_with_else_to_the_default() throws Exception {
    several.knows("containerd", ContentKind.CONTAINERS, 1);

    assertThat(ofTheFuture(sandbox("c1")).answer()).asString().isEqualTo("containerd");
    assertThat(ofTheFuture(sandbox("c")).end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(ofTheFuture(NOTHING).end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void a_call_with_two_requests_is_refused() throws Exception {
    RawCall call =
        RawCall.start(
                served.channel(),
                Frames.method("runtime.v1.RuntimeService/OfTheFuture"),
                CallOptions.DEFAULT,
                new Metadata())
            .take(1)
            .say(NOTHING)
            .say(NOTHING);

    assertThat(call.end().getDescription()).contains("more than one request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"StopPodSandbox", "RunPodSandbox", "PullImage", "ListContainers"})
  void garbage_ends_with_an_error_and_the_next_call_is_served(String rpc) throws Exception {
    Status end = served.call(rpc, new byte[] {10, 99, 1}).end();

    assertThat(end.isOk()).isFalse();
    assertThat(VersionResponse.parseFrom(served.call("Version", NOTHING).answer()).getRuntimeName())
        .isEqualTo("docker");
  }

  private RawCall ofTheFuture(byte[] request) {
    return RawCall.of(
        served.channel(), Frames.method("runtime.v1.RuntimeService/OfTheFuture"), request);
  }

  private static byte[] handler(String handler) {
    return RunPodSandboxRequest.newBuilder().setRuntimeHandler(handler).build().toByteArray();
  }

  private static byte[] sandbox(String id) {
    return StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build().toByteArray();
  }

  private static byte[] made(String id) {
    return RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build().toByteArray();
  }

  private static RunPodSandboxRequest unknownField() throws Exception {
    // Field 100 as a number.
    return RunPodSandboxRequest.parseFrom(new byte[] {(byte) 0xA0, 6, 5});
  }
}
