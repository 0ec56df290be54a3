package io.intermodal.server.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ContainerFilter;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.StreamContainersRequest;
import io.intermodal.cri.v1.StreamContainersResponse;
import io.intermodal.cri.v1.StreamImagesRequest;
import io.intermodal.cri.v1.StreamPodSandboxesRequest;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.server.ScriptedConnection;
import io.intermodal.server.grpc.ServedScript;
import io.intermodal.server.handler.HandlerNames;
import io.intermodal.server.wire.CriVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request here crosses a real socket. */
@Timeout(60)
class CriServicesTest {
  private static final int ITEMS = 10_000;

  @TempDir Path folder;

  @Test
  void each_version_of_cri_is_answered_with_its_own_name() throws Exception {
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public VersionResponse version(VersionRequest request, Call call) {
            return VersionResponse.newBuilder()
                .setRuntimeName("scripted")
                .setRuntimeApiVersion("v1")
                .build();
          }
        };
    try (ServedScript served = serve(engine)) {
      VersionResponse v1 = served.client().runtime().version(VersionRequest.getDefaultInstance());
      VersionResponse v1alpha2 =
          callV1alpha2(
              served, RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance());

      assertThat(v1.getRuntimeApiVersion()).isEqualTo("v1");
      assertThat(v1alpha2.getRuntimeApiVersion()).isEqualTo("v1alpha2");
      assertThat(v1alpha2.getRuntimeName()).isEqualTo("scripted");
    }
  }

  @Test
  void v1alpha2_reaches_the_same_operations() throws Exception {
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public ListImagesResponse listImages(ListImagesRequest request, Call call) {
            return ListImagesResponse.newBuilder()
                .addImages(Image.newBuilder().setId("sha256:1"))
                .build();
          }
        };
    try (ServedScript served = serve(engine)) {
      ListImagesResponse answer =
          callV1alpha2(
              served,
              ImageServiceGrpc.getListImagesMethod(),
              ListImagesRequest.getDefaultInstance());

      assertThat(answer.getImagesList()).extracting(Image::getId).containsExactly("sha256:1");
    }
  }

  @Test
  void every_rpc_of_the_contract_is_answered_by_the_engine_or_refused_by_name() throws Exception {
    try (ServedScript served = serve(new ScriptedConnection())) {
      List<MethodDescriptor<?, ?>> contract = new ArrayList<>();
      contract.addAll(RuntimeServiceGrpc.getServiceDescriptor().getMethods());
      contract.addAll(ImageServiceGrpc.getServiceDescriptor().getMethods());
      assertThat(contract).hasSize(43);
      List<String> operations =
          Rpcs.of(CriVersion.V1, HandlerNames.of("scripted")).stream()
              .map(rpc -> rpc.method().getFullMethodName())
              .toList();
      for (CriVersion version : CriVersion.values()) {
        for (MethodDescriptor<?, ?> method : contract) {
          StatusRuntimeException refusal = failureOf(served, version.of(method));
          assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
          assertThat(refusal.getStatus().getDescription())
              .isEqualTo(
                  operations.contains(method.getFullMethodName())
                      ? "not in this script"
                      : method.getBareMethodName()
                          + " is not implemented for scripted in this version of the server");
        }
      }
    }
  }

  @Test
  void an_rpc_that_is_in_no_contract_is_refused_by_name() throws Exception {
    try (ServedScript served = serve(new ScriptedConnection())) {
      MethodDescriptor<VersionRequest, VersionResponse> future =
          RuntimeServiceGrpc.getVersionMethod().toBuilder()
              .setFullMethodName("runtime.v1.RuntimeService/Teleport")
              .build();

      StatusRuntimeException refusal = failureOf(served, future);

      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(refusal.getStatus().getDescription())
          .contains("runtime.v1.RuntimeService/Teleport");
    }
  }

  @ParameterizedTest
  @EnumSource(CriException.Code.class)
  void an_engines_code_and_text_reach_the_caller(CriException.Code code) throws Exception {
    try (ServedScript served =
        serve(failing(new CriException(code, "pod x: what it said; cure")))) {
      StatusRuntimeException failure = stopContainer(served);

      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.valueOf(code.name()));
      assertThat(failure.getStatus().getDescription()).isEqualTo("pod x: what it said; cure");
    }
  }

  @Test
  void any_other_failure_is_an_incident_that_tells_the_caller_no_internals() throws Exception {
    try (ServedScript served = serve(failing(new IllegalStateException("password=secret")))) {
      StatusRuntimeException failure = stopContainer(served);

      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(failure.getStatus().getDescription())
          .matches("StopContainer failed by a fault of this server: .*\"incident [0-9a-f]{8}\".*")
          .doesNotContain("secret");
    }
  }

  @Test
  void a_status_is_passed_on_as_it_is() throws Exception {
    StatusRuntimeException thrown =
        Status.DATA_LOSS.withDescription("as it is").asRuntimeException();
    try (ServedScript served = serve(failing(thrown))) {
      Status status = stopContainer(served).getStatus();

      assertThat(status.getCode()).isEqualTo(Status.Code.DATA_LOSS);
      assertThat(status.getDescription()).isEqualTo("as it is");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "%", "\n", "é", "世", "🚢"})
  void a_very_long_text_is_cut_so_that_it_still_arrives(String letter) throws Exception {
    try (ServedScript served =
        serve(failing(new CriException(CriException.Code.UNKNOWN, letter.repeat(100_000))))) {
      Status status = stopContainer(served).getStatus();

      assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
      assertThat(status.getDescription()).startsWith(letter.repeat(100)).endsWith("…");
    }
  }

  @Test
  void a_request_of_20_MiB_is_refused_and_the_server_goes_on() throws Exception {
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public ExecSyncResponse execSync(ExecSyncRequest request, Call call) {
            return ExecSyncResponse.newBuilder().setExitCode(request.getCmdCount()).build();
          }
        };
    try (ServedScript served = serve(engine)) {
      StatusRuntimeException failure =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> served.client().runtime().execSync(execOf(20 << 20)));

      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(failure.getStatus().getDescription()).contains("16777216");
      assertThat(served.client().runtime().execSync(execOf((16 << 20) - 100)).getExitCode())
          .isEqualTo(1);
    }
  }

  @Test
  void an_answer_of_more_than_16_MiB_is_refused_with_its_size() throws Exception {
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public ExecSyncResponse execSync(ExecSyncRequest request, Call call) {
            return ExecSyncResponse.newBuilder()
                .setStdout(ByteString.copyFrom(new byte[20 << 20]))
                .build();
          }
        };
    try (ServedScript served = serve(engine)) {
      StatusRuntimeException failure =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> served.client().runtime().execSync(execOf(1)));

      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(failure.getStatus().getDescription())
          .contains("ExecSync", Integer.toString((20 << 20) + 5), "16777216");
    }
  }

  @Test
  void lists_of_ten_thousand_are_streamed_in_small_messages_each_item_once() throws Exception {
    try (ServedScript served = serve(new LongLists())) {
      List<String> expected = IntStream.range(0, ITEMS).mapToObj(i -> "id-" + i).toList();

      List<String> containers = new ArrayList<>();
      int messages = 0;
      Iterator<StreamContainersResponse> stream =
          served.client().runtime().streamContainers(StreamContainersRequest.getDefaultInstance());
      while (stream.hasNext()) {
        StreamContainersResponse message = stream.next();
        assertThat(message.getSerializedSize()).isLessThan(1 << 20);
        message.getContainersList().forEach(item -> containers.add(item.getId()));
        messages++;
      }
      assertThat(containers).isEqualTo(expected);
      assertThat(messages).isGreaterThan(5);

      List<String> pods = new ArrayList<>();
      served
          .client()
          .runtime()
          .streamPodSandboxes(StreamPodSandboxesRequest.getDefaultInstance())
          .forEachRemaining(m -> m.getPodSandboxesList().forEach(item -> pods.add(item.getId())));
      assertThat(pods).isEqualTo(expected);

      List<String> images = new ArrayList<>();
      served
          .client()
          .images()
          .streamImages(StreamImagesRequest.getDefaultInstance())
          .forEachRemaining(m -> m.getImagesList().forEach(item -> images.add(item.getId())));
      assertThat(images).isEqualTo(expected);
    }
  }

  @Test
  void a_streams_filter_is_the_lists_filter_and_an_empty_list_just_ends() throws Exception {
    try (ServedScript served = serve(new LongLists())) {
      Iterator<StreamContainersResponse> none =
          served
              .client()
              .runtime()
              .streamContainers(
                  StreamContainersRequest.newBuilder()
                      .setFilter(ContainerFilter.newBuilder().setId("no such id"))
                      .build());

      assertThat(none.hasNext()).isFalse();
    }
  }

  @Test
  void an_operation_sees_the_callers_deadline() throws Exception {
    CompletableFuture<Duration> seen = new CompletableFuture<>();
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public ContainerStatusResponse containerStatus(
              ContainerStatusRequest request, Call call) {
            call.remaining().ifPresent(seen::complete);
            return ContainerStatusResponse.getDefaultInstance();
          }
        };
    try (ServedScript served = serve(engine)) {
      var _ =
          served
              .client()
              .runtime()
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .containerStatus(ContainerStatusRequest.getDefaultInstance());

      assertThat(seen.get(1, TimeUnit.SECONDS))
          .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
    }
  }

  @Test
  void an_operation_learns_that_its_caller_left_while_it_works() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    CompletableFuture<Boolean> toldLate = new CompletableFuture<>();
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request, Call call) {
            call.onCancel(() -> told.complete(call.cancelled()));
            started.countDown();
            boolean _ = told.orTimeout(30, TimeUnit.SECONDS).join();
            call.onCancel(() -> toldLate.complete(true));
            return RunPodSandboxResponse.getDefaultInstance();
          }
        };
    try (ServedScript served = serve(engine)) {
      var answer =
          RuntimeServiceGrpc.newFutureStub(served.client().channel())
              .runPodSandbox(RunPodSandboxRequest.getDefaultInstance());
      assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(answer.cancel(true)).isTrue();

      assertThat(told.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(toldLate.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void an_answered_caller_has_not_left() throws Exception {
    CompletableFuture<Call> kept = new CompletableFuture<>();
    AtomicInteger actions = new AtomicInteger();
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public ContainerStatusResponse containerStatus(
              ContainerStatusRequest request, Call call) {
            kept.complete(call);
            call.onCancel(actions::incrementAndGet);
            return ContainerStatusResponse.getDefaultInstance();
          }
        };
    try (ServedScript served = serve(engine)) {
      for (int i = 0; i < 50; i++) {
        var _ =
            served.client().runtime().containerStatus(ContainerStatusRequest.getDefaultInstance());
      }
    }
    // The server has ended, and with it every call.
    assertThat(actions).hasValue(0);
    assertThat(kept.join().cancelled()).isFalse();
  }

  @Test
  void blocked_operations_do_not_hold_up_others() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(200);
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public ContainerStatusResponse containerStatus(
              ContainerStatusRequest request, Call call) {
            blocked.countDown();
            try {
              boolean _ = release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return ContainerStatusResponse.getDefaultInstance();
          }

          @Override
          public VersionResponse version(VersionRequest request, Call call) {
            return VersionResponse.getDefaultInstance();
          }
        };
    try (ServedScript served = serve(engine)) {
      List<CompletableFuture<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        answers.add(answered);
        RuntimeServiceGrpc.newFutureStub(served.client().channel())
            .containerStatus(ContainerStatusRequest.getDefaultInstance())
            .addListener(() -> answered.complete(true), Runnable::run);
      }
      assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();

      assertThat(served.client().runtime().version(VersionRequest.getDefaultInstance()))
          .isNotNull();

      release.countDown();
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    }
  }

  private ServedScript serve(ScriptedConnection engine) throws Exception {
    return ServedScript.at(folder.resolve("cri.sock"), engine);
  }

  private static ScriptedConnection failing(RuntimeException failure) {
    return new ScriptedConnection() {
      @Override
      public StopContainerResponse stopContainer(StopContainerRequest request, Call call) {
        throw failure;
      }
    };
  }

  private static StatusRuntimeException stopContainer(ServedScript served) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> served.client().runtime().stopContainer(StopContainerRequest.getDefaultInstance()));
  }

  private static ExecSyncRequest execOf(int bytes) {
    return ExecSyncRequest.newBuilder().setContainerId("c").addCmd("x".repeat(bytes)).build();
  }

  private static <Q, A> A callV1alpha2(
      ServedScript served, MethodDescriptor<Q, A> method, Q request) {
    return ClientCalls.blockingUnaryCall(
        served.client().channel(), CriVersion.V1ALPHA2.of(method), CallOptions.DEFAULT, request);
  }

  private static <Q, A> StatusRuntimeException failureOf(
      ServedScript served, MethodDescriptor<Q, A> method) {
    // An empty message is a request of any type.
    Q request = method.parseRequest(ByteString.EMPTY.newInput());
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> {
          Iterator<A> answers =
              ClientCalls.blockingServerStreamingCall(
                  served.client().channel(), method, CallOptions.DEFAULT, request);
          boolean _ = answers.hasNext();
        });
  }

  /** Ten thousand of everything, unless a filter names what is not there. */
  private static final class LongLists extends ScriptedConnection {
    @Override
    public ListContainersResponse listContainers(ListContainersRequest request, Call call) {
      ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
      for (int i = 0; i < ITEMS && request.getFilter().getId().isEmpty(); i++) {
        list.addContainers(
            Container.newBuilder().setId("id-" + i).putAnnotations("filler", "x".repeat(500)));
      }
      return list.build();
    }

    @Override
    public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call) {
      ListPodSandboxResponse.Builder list = ListPodSandboxResponse.newBuilder();
      IntStream.range(0, ITEMS)
          .forEach(i -> list.addItems(PodSandbox.newBuilder().setId("id-" + i)));
      return list.build();
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest request, Call call) {
      ListImagesResponse.Builder list = ListImagesResponse.newBuilder();
      IntStream.range(0, ITEMS).forEach(i -> list.addImages(Image.newBuilder().setId("id-" + i)));
      return list.build();
    }
  }
}
