package io.intermodal.server.monitoring;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The catalogue as a page of Markdown: {@code docs/metrics.md} is this text. */
public final class MetricsReference {
  private static final String HEAD =
      """
      # Metrics

      With `--metrics-address=:9090` (or another port; a port alone is one of 127.0.0.1) the server
      answers over HTTP:

      | path | what it says |
      |---|---|
      | `/metrics` | the metrics below, as Prometheus' text or, if the client accepts it, as OpenMetrics |
      | `/healthz` | 200 when CRI's socket answers, else 503 and why |
      | `/readyz` | 200 when pods can be run, as CRI's `Status` says; else 503 and why, a line for each reason |

      Without the setting nothing is served, and nothing of this is loaded. A dashboard for Grafana is
      in [grafana-dashboard.json](grafana-dashboard.json). Names of pods, containers and images are
      never labels.

      | metric | kind | labels | |
      |---|---|---|---|
      """;

  private static final String TAIL =
      """

      A histogram has `_bucket`, `_sum` and `_count` behind its name; its buckets go from 0.5 ms to
      120 s. `rpc` is the bare name of an RPC of CRI, or `unknown`; `code` is gRPC's. What a session
      asks of the engine counts for the RPC that opened it.

      Beside these there are the usual ones of a Java process: `jvm_memory_*`, `jvm_gc_*`,
      `jvm_threads_*`, `jvm_classes_*`, `jvm_buffer_pool_*`, `jvm_runtime_info`, and
      `process_resident_memory_bytes`, `process_open_fds`, `process_cpu_seconds_total`,
      `process_start_time_seconds`.
      """;

  private MetricsReference() {}

  /** The page. */
  public static String markdown() {
    return Arrays.stream(Metric.values())
        .map(MetricsReference::row)
        .collect(Collectors.joining("", HEAD, TAIL));
  }

  private static String row(Metric metric) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            metric.exposedName(),
            metric.kind().name().toLowerCase(Locale.ROOT),
            metric.labels().stream().map(l -> "`" + l + "`").collect(Collectors.joining(", ")),
            metric.description());
  }
}
