package io.intermodal.server.tracing;

import static io.intermodal.server.tracing.ReceivedSpan.ERROR;
import static io.intermodal.server.tracing.ReceivedSpan.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.server.ScriptedConnection;
import io.intermodal.server.grpc.ServedScript;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls over a Unix socket, with a scripted engine behind it and a collector beside it. */
@Timeout(60)
class TracedRequestsTest {
  private static final int NEVER = 0;
  private static final int ALWAYS = 1_000_000;

  @TempDir Path folder;
  private final Transport transport = Transport.best();
  private SpanCollector collector;

  @BeforeEach
  void start() throws IOException {
    collector = new SpanCollector();
  }

  @AfterEach
  void stop() {
    collector.close();
    transport.close();
  }

  private static final class Script extends ScriptedConnection {
    @Override
    public VersionResponse version(VersionRequest request, Call call) {
      return VersionResponse.newBuilder().setVersion("0.1.0").build();
    }

    @Override
    public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request, Call call) {
      return RunPodSandboxResponse.newBuilder().setPodSandboxId("made").build();
    }

    @Override
    public StopContainerResponse stopContainer(StopContainerRequest request, Call call) {
      throw new CriException(CriException.Code.UNAVAILABLE, "dockerd is away");
    }

    @Override
    public ContainerStatusResponse containerStatus(ContainerStatusRequest request, Call call) {
      throw CriException.notFound("no such container");
    }

    @Override
    public PullImageResponse pullImage(PullImageRequest request, Call call) {
      return PullImageResponse.newBuilder().setImageRef("sha256:1").build();
    }
  }

  /** What a test does with a server that is traced. */
  @FunctionalInterface
  private interface Calls {
    void to(ServedScript served) throws Exception;
  }

  /** Returns when the spans are with the collector. */
  private void traced(int rate, Calls calls) throws Exception {
    traced(collector.address(), rate, calls);
  }

  private void traced(InetSocketAddress endpoint, int rate, Calls calls) throws Exception {
    try (Tracing tracing = Tracing.start(endpoint, rate, "1.2.3", transport);
        ServedScript served =
            ServedScript.traced(folder.resolve("cri.sock"), new Script(), tracing.requests())) {
      calls.to(served);
    }
  }

  @Test
  void a_request_continues_the_trace_of_its_caller() throws Exception {
    traced(
        NEVER,
        served -> {
          var _ =
              TracedCaller.recorded(served.client().runtime())
                  .version(VersionRequest.getDefaultInstance());
        });

    ReceivedSpan span = collector.only();
    assertThat(span.trace()).isEqualTo(TracedCaller.TRACE);
    assertThat(span.parent()).isEqualTo(TracedCaller.SPAN);
    assertThat(span.state()).isEqualTo("vendor=1");
    assertThat(span.name()).isEqualTo("runtime.v1.RuntimeService/Version");
    assertThat(span.kind()).isEqualTo(SERVER);
    assertThat(span.status()).isZero();
    assertThat(span.attributes())
        .containsEntry("rpc.system", "grpc")
        .containsEntry("rpc.service", "runtime.v1.RuntimeService")
        .containsEntry("rpc.method", "Version")
        .containsEntry("rpc.grpc.status_code", "0")
        .containsEntry("intermodal.engine", "scripted");
    assertThat(span.process())
        .containsEntry("service.name", "intermodal")
        .containsEntry("service.version", "1.2.3")
        .containsEntry("host.name", Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
  }

  @Test
  void a_span_says_what_the_request_is_about_or_has_made() throws Exception {
    traced(
        ALWAYS,
        served -> {
          var runtime = served.client().runtime();
          var _ = runtime.runPodSandbox(RunPodSandboxRequest.getDefaultInstance());
          assertThatThrownBy(() ->
                  runtime.containerStatus(
                      ContainerStatusRequest.newBuilder().setContainerId("c1").build()))
              .hasMessageContaining("NOT_FOUND");
          var _ =
              served
                  .client()
                  .images()
                  .pullImage(
                      PullImageRequest.newBuilder()
                          .setImage(ImageSpec.newBuilder().setImage("busybox:1"))
                          .build());
        });

    assertThat(collector.spans())
        .extracting(span -> span.attributes().get("rpc.method"))
        .containsExactly("RunPodSandbox", "ContainerStatus", "PullImage");
    assertThat(collector.spans().get(0).attributes()).containsEntry("sandbox.id", "made");
    assertThat(collector.spans().get(1).attributes()).containsEntry("container.id", "c1");
    assertThat(collector.spans().get(2).attributes()).containsEntry("image.ref", "busybox:1");
  }

  @Test
  void a_failure_of_the_server_is_an_error_and_a_missing_container_is_none() throws Exception {
    traced(
        ALWAYS,
        served -> {
          var runtime = served.client().runtime();
          assertThatThrownBy(() -> runtime.stopContainer(StopContainerRequest.getDefaultInstance()))
              .hasMessageContaining("UNAVAILABLE");
          assertThatThrownBy(
                  () -> runtime.containerStatus(ContainerStatusRequest.getDefaultInstance()))
              .hasMessageContaining("NOT_FOUND");
        });

    ReceivedSpan away = collector.spans().get(0);
    assertThat(away.status()).isEqualTo(ERROR);
    assertThat(away.message()).contains("dockerd is away");
    assertThat(away.attributes()).containsEntry("rpc.grpc.status_code", "14");
    ReceivedSpan missing = collector.spans().get(1);
    assertThat(missing.status()).isZero();
    assertThat(missing.attributes()).containsEntry("rpc.grpc.status_code", "5");
  }

  @Test
  void a_caller_that_records_nothing_is_followed_whatever_the_rate() throws Exception {
    traced(
        ALWAYS,
        served -> {
          var _ =
              TracedCaller.unrecorded(served.client().runtime())
                  .version(VersionRequest.getDefaultInstance());
        });

    assertThat(collector.spans()).isEmpty();
  }

  @Test
  void a_caller_in_no_trace_is_not_recorded_at_a_rate_of_nothing() throws Exception {
    traced(
        NEVER,
        served -> {
          var _ = served.client().runtime().version(VersionRequest.getDefaultInstance());
          var _ =
              TracedCaller.with(served.client().runtime(), "not a trace")
                  .version(VersionRequest.getDefaultInstance());
        });

    assertThat(collector.spans()).isEmpty();
  }

  @Test
  void of_callers_in_no_trace_a_share_is_recorded_each_as_a_trace_of_its_own() throws Exception {
    int half = 500_000;
    traced(
        half,
        served -> {
          for (int i = 0; i < 400; i++) {
            var _ = served.client().runtime().version(VersionRequest.getDefaultInstance());
          }
        });

    // 200 are expected; 12 standard deviations of 10 are not left by chance.
    assertThat(collector.spans()).hasSizeBetween(80, 320);
    assertThat(collector.spans()).extracting(ReceivedSpan::trace).doesNotHaveDuplicates();
    assertThat(collector.spans()).extracting(ReceivedSpan::parent).containsOnly("");
  }

  @Test
  void without_a_collector_calls_are_answered_and_the_stop_is_not_delayed() throws Exception {
    InetSocketAddress nobody = InetSocketAddress.createUnresolved("127.0.0.1", freePort());
    Tracing tracing = Tracing.start(nobody, ALWAYS, "1.2.3", transport);
    call(tracing, 100);

    assertThat(millisToClose(tracing)).isLessThan(900);
  }

  @Test
  void a_collector_that_says_nothing_delays_the_stop_by_a_second_at_most() throws Exception {
    // Connections are made by the kernel, and nobody reads.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      InetSocketAddress endpoint =
          InetSocketAddress.createUnresolved("127.0.0.1", silent.getLocalPort());
      Tracing tracing = Tracing.start(endpoint, ALWAYS, "1.2.3", transport);
      // More than the queue holds.
      call(tracing, 3000);

      assertThat(millisToClose(tracing)).isLessThan(1500);
    }
  }

  @Test
  void a_collector_that_comes_later_is_found() throws Exception {
    int port = freePort();
    Tracing tracing =
        Tracing.start(
            InetSocketAddress.createUnresolved("127.0.0.1", port), ALWAYS, "1.2.3", transport);
    try (ServedScript served =
        ServedScript.traced(folder.resolve("cri.sock"), new Script(), tracing.requests())) {
      var _ = served.client().runtime().version(VersionRequest.getDefaultInstance());
      TimeUnit.SECONDS.sleep(3);
      try (SpanCollector late = new SpanCollector(port)) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (late.spans().isEmpty() && System.nanoTime() < deadline) {
          var _ = served.client().runtime().version(VersionRequest.getDefaultInstance());
          TimeUnit.MILLISECONDS.sleep(200);
        }
        assertThat(late.spans()).isNotEmpty();
      }
    } finally {
      tracing.close();
    }
  }

  private void call(Tracing tracing, int times) throws IOException {
    try (ServedScript served =
        ServedScript.traced(folder.resolve("cri.sock"), new Script(), tracing.requests())) {
      for (int i = 0; i < times; i++) {
        assertThat(
                served.client().runtime().version(VersionRequest.getDefaultInstance()).getVersion())
            .isEqualTo("0.1.0");
      }
    }
  }

  private static long millisToClose(Tracing tracing) {
    long start = System.nanoTime();
    tracing.close();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
