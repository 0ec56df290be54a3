package io.intermodal.server.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.RuntimeStatus;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineFigures;
import io.intermodal.runtime.EngineFigures.Requests;
import io.intermodal.server.ScriptedConnection;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.grpc.ServedScript;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Asks the real server over HTTP, with a scripted engine behind it. */
@Timeout(60)
class MonitoringServerTest {
  @TempDir Path folder;
  private final Measurements measurements =
      new Measurements("1.2.3", List.of("scripted"), CriServices.rpcs());
  private final Transport transport = Transport.best();
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile List<RuntimeCondition> conditions =
      List.of(condition("RuntimeReady", true, ""), condition("NetworkReady", true, ""));
  private ServedScript served;
  private MonitoringServer server;

  @BeforeEach
  void start() throws IOException {
    Path socket = folder.resolve("cri.sock");
    Script engine = new Script();
    served = ServedScript.measured(socket, engine, measurements);
    measurements.readEngines(List.of(Measurements.Engine.counting("scripted", engine::figures)));
    server =
        MonitoringServer.start(
            InetSocketAddress.createUnresolved("127.0.0.1", 0),
            transport,
            measurements,
            socket,
            () -> engine.status(StatusRequest.getDefaultInstance(), Call.UNBOUNDED));
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
    served.close();
    transport.close();
  }

  private final class Script extends ScriptedConnection {
    @Override
    public VersionResponse version(VersionRequest request, Call call) {
      return VersionResponse.newBuilder().setVersion("0.1.0").build();
    }

    @Override
    public StopContainerResponse stopContainer(StopContainerRequest request, Call call) {
      throw CriException.notFound("no such container");
    }

    @Override
    public StatusResponse status(StatusRequest request, Call call) {
      return StatusResponse.newBuilder()
          .setStatus(RuntimeStatus.newBuilder().addAllConditions(conditions))
          .build();
    }

    @Override
    public Optional<EngineFigures> figures() {
      return Optional.of(
          new EngineFigures(
              true,
              Optional.of(Duration.ofMillis(1500)),
              2,
              3,
              4,
              5,
              6,
              List.of(
                  new Requests("StopContainer", "POST /stop/{}", 7),
                  new Requests("", "GET /events", 8))));
    }
  }

  @Test
  void calls_are_counted_and_timed_by_rpc_engine_and_code() throws Exception {
    for (int i = 0; i < 3; i++) {
      var _ = served.client().runtime().version(VersionRequest.getDefaultInstance());
    }
    assertThatThrownBy(() ->
            served.client().runtime().stopContainer(StopContainerRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class);

    assertThat(get("/metrics").body())
        .contains(
            "intermodal_rpc_duration_seconds_count{code=\"OK\",engine=\"scripted\",rpc=\"Version\"} 3\n",
            "intermodal_rpc_duration_seconds_bucket{code=\"OK\",engine=\"scripted\",rpc=\"Version\",le=\"120.0\"} 3\n",
            "intermodal_rpc_duration_seconds_count{code=\"NOT_FOUND\",engine=\"scripted\",rpc=\"StopContainer\"} 1\n",
            "intermodal_rpcs_in_flight{rpc=\"Version\"} 0.0\n");
  }

  @Test
  void names_that_a_client_makes_up_are_one_series() throws IOException, InterruptedException {
    measurements.began("Made");
    measurements.began("Up");

    assertThat(get("/metrics").body())
        .contains("intermodal_rpcs_in_flight{rpc=\"unknown\"} 2.0\n")
        .doesNotContain("rpc=\"Made\"");
  }

  @Test
  void what_the_engine_counts_and_the_build_and_the_process_are_read_at_a_scrape()
      throws IOException, InterruptedException {
    assertThat(get("/metrics").body())
        .contains(
            "intermodal_build_info{engine=\"scripted\",version=\"1.2.3\"} 1\n",
            "intermodal_engine_up{engine=\"scripted\"} 1.0\n",
            "intermodal_engine_last_event_age_seconds{engine=\"scripted\"} 1.5\n",
            "intermodal_engine_disconnects_total{engine=\"scripted\"} 2.0\n",
            "intermodal_engine_resyncs_total{engine=\"scripted\"} 3.0\n",
            "intermodal_index_objects{engine=\"scripted\",kind=\"sandbox\"} 4.0\n",
            "intermodal_index_objects{engine=\"scripted\",kind=\"container\"} 5.0\n",
            "intermodal_index_objects{engine=\"scripted\",kind=\"image\"} 6.0\n",
            "intermodal_engine_requests_total{engine=\"scripted\",request=\"POST /stop/{}\",rpc=\"StopContainer\"} 7.0\n",
            "intermodal_engine_requests_total{engine=\"scripted\",request=\"GET /events\",rpc=\"none\"} 8.0\n",
            "\njvm_threads_current ",
            "\nprocess_open_fds ");
  }

  @Test
  void plugins_are_timed_and_their_failures_counted() throws IOException, InterruptedException {
    measurements.ran("bridge", "ADD", true, 3_000_000);
    measurements.ran("bridge", "DEL", false, 2_000_000_000);

    assertThat(get("/metrics").body())
        .contains(
            "intermodal_cni_plugin_duration_seconds_sum{command=\"ADD\",plugin=\"bridge\"} 0.003\n",
            "intermodal_cni_plugin_duration_seconds_bucket{command=\"DEL\",plugin=\"bridge\",le=\"1.0\"} 0\n",
            "intermodal_cni_plugin_failures_total{command=\"DEL\",plugin=\"bridge\"} 1.0\n");
  }

  @Test
  void who_accepts_openmetrics_gets_it() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        get("/metrics", "Accept", "application/openmetrics-text; version=1.0.0");

    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(answer.body()).endsWith("# EOF\n");
    assertThat(get("/metrics").headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
  }

  @Test
  void a_server_lives_as_long_as_its_socket_answers() throws IOException, InterruptedException {
    // The very first connection of a process can take longer than a probe waits.
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (get("/healthz").statusCode() != 200 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(get("/healthz").body()).isEqualTo("alive\n");

    served.stopServer();

    HttpResponse<String> dead = get("/healthz");
    assertThat(dead.statusCode()).isEqualTo(503);
    assertThat(dead.body()).contains("cri.sock does not answer");
  }

  @Test
  void a_server_is_ready_when_status_says_so_and_else_tells_each_reason()
      throws IOException, InterruptedException {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    conditions =
        List.of(
            condition("RuntimeReady", false, "the engine is away"),
            condition("NetworkReady", false, "no network is configured"));

    HttpResponse<String> answer = get("/readyz");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo(
            """
            not RuntimeReady: Because: the engine is away
            not NetworkReady: Because: no network is configured
            """);
  }

  @Test
  void other_paths_and_methods_are_refused() throws IOException, InterruptedException {
    assertThat(get("/").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(uri("/metrics"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  private static RuntimeCondition condition(String type, boolean holds, String message) {
    return RuntimeCondition.newBuilder()
        .setType(type)
        .setStatus(holds)
        .setReason(holds ? "" : "Because")
        .setMessage(message)
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
