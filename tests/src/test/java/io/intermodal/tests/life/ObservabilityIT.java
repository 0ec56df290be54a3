package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Monitoring;
import io.intermodal.tests.engine.Monitoring.Scrape;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus, a dashboard and probes see of a server at work. */
@EndToEnd(EngineKind.TRANSLATED)
class ObservabilityIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:intermodal|jvm|process)_[a-z0-9_]+\\b");

  private final Engine engine;

  ObservabilityIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  @Timeout(180)
  void what_was_done_is_in_the_metrics_and_every_query_of_the_dashboard_finds_its_metric()
      throws IOException {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      Monitoring monitoring = node.server().monitoring();
      Pod pod = cri.runPod();
      Container container = pod.start("echo one; echo two; while :; do sleep 1; done");
      exec(container, monitoring);
      assertThatThrownBy(() ->
              cri.runtime()
                  .containerStatus(
                      ContainerStatusRequest.newBuilder().setContainerId("gone").build()))
          .isInstanceOf(StatusRuntimeException.class);
      Await.until(
          "both lines are in the log",
          SOON,
          () ->
              monitoring.scrape().sum("intermodal_log_written_bytes_total").orElse(0)
                      == Files.size(container.logPath())
                  && container.log().lines().size() == 2);

      Scrape scrape = monitoring.scrape();

      String calls = "intermodal_rpc_duration_seconds_count";
      assertThat(scrape.sum(calls, "rpc", "RunPodSandbox", "code", "OK", "engine", "docker"))
          .hasValue(1);
      assertThat(scrape.sum(calls, "rpc", "ContainerStatus", "code", "NOT_FOUND")).hasValue(1);
      assertThat(scrape.sum("intermodal_rpcs_in_flight")).hasValue(0);
      String requests = "intermodal_engine_requests_total";
      assertThat(
              scrape.sum(requests, "rpc", "StartContainer", "request", "POST /containers/{}/start"))
          .hasValue(1);
      assertThat(scrape.sum(requests, "rpc", "RunPodSandbox").orElse(0)).isBetween(2.0, 8.0);
      assertThat(scrape.sum("intermodal_index_objects", "kind", "sandbox")).hasValue(1);
      assertThat(scrape.sum("intermodal_index_objects", "kind", "container")).hasValue(1);
      assertThat(scrape.sum("intermodal_streaming_sessions_total", "kind", "exec")).hasValue(1);
      assertThat(scrape.sum("intermodal_log_records_total")).hasValue(2);
      assertThat(scrape.sum("intermodal_log_writers")).hasValue(1);
      String plugins = "intermodal_cni_plugin_duration_seconds_count";
      assertThat(scrape.sum(plugins, "command", "ADD", "plugin", "bridge")).hasValue(1);
      assertThat(scrape.sum("process_resident_memory_bytes").orElse(0)).isGreaterThan(20e6);

      for (String query : queries(Files.readString(DASHBOARD))) {
        List<String> names = METRIC.matcher(query).results().map(MatchResult::group).toList();
        assertThat(names).as(query).isNotEmpty();
        assertThat(scrape.names()).as(query).containsAll(names);
      }
    }
  }

  @Test
  @Timeout(180)
  void a_server_is_alive_but_not_ready_while_docker_is_away() {
    try (Node node = engine.another()) {
      Monitoring monitoring = node.server().monitoring();
      Await.until("ready", SOON, () -> monitoring.readiness().statusCode() == 200);
      assertThat(monitoring.scrape().sum("intermodal_engine_up")).hasValue(1);

      node.docker().stop();

      Await.until("not ready", SOON, () -> monitoring.readiness().statusCode() == 503);
      assertThat(monitoring.readiness().body()).contains("not RuntimeReady: DockerNotReady: ");
      assertThat(monitoring.health().statusCode()).isEqualTo(200);
      assertThat(monitoring.scrape().sum("intermodal_engine_up")).hasValue(0);

      node.docker().startAgain();

      Await.until("ready again", SOON, () -> monitoring.readiness().statusCode() == 200);
      Scrape scrape = monitoring.scrape();
      assertThat(scrape.sum("intermodal_engine_disconnects_total")).hasValue(1);
      assertThat(scrape.sum("intermodal_engine_resyncs_total")).hasValue(2);
    }
  }

  /** One session, seen while it goes on and when it is over. */
  private static void exec(Container container, Monitoring monitoring) throws IOException {
    String open = "intermodal_streaming_sessions_open";
    String url = container.execUrl(Streams.ALL, List.of("cat"));
    try (CommandSession session = Transport.SPDY_V4.open(url, Streams.ALL)) {
      assertThat(monitoring.scrape().sum(open, "kind", "exec")).hasValue(1);
      session.stdin().close();
      assertThat(session.finish().status().success()).isTrue();
    }
    Await.until("the session is over", SOON, () -> monitoring.scrape().sum(open).orElse(-1) == 0);
  }

  private static List<String> queries(String dashboard) {
    List<String> queries = new ArrayList<>();
    for (JsonElement panel :
        JsonParser.parseString(dashboard).getAsJsonObject().getAsJsonArray("panels")) {
      if (panel.getAsJsonObject().has("targets")) {
        for (JsonElement target : panel.getAsJsonObject().getAsJsonArray("targets")) {
          queries.add(target.getAsJsonObject().get("expr").getAsString());
        }
      }
    }
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }
}
