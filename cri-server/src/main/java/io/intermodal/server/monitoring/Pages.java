package io.intermodal.server.monitoring;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is served under which path. Pages are made when they are asked for, and may block. */
final class Pages {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final Measurements measurements;
  private final Liveness liveness;
  private final Readiness readiness;
  private final ExpositionFormatWriter openMetrics =
      OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build();
  private final ExpositionFormatWriter prometheus = PrometheusTextFormatWriter.create();

  Pages(Measurements measurements, Liveness liveness, Readiness readiness) {
    this.measurements = measurements;
    this.liveness = liveness;
    this.readiness = readiness;
  }

  /**
   * The page for a path.
   *
   * @param accept what the client wants to read, as HTTP's header of that name says
   */
  Page get(String path, @Nullable String accept) throws IOException {
    return switch (path) {
      case "/metrics" -> metrics(accept);
      case "/healthz" ->
          liveness
              .trouble()
              .map(why -> Page.text(UNAVAILABLE, why))
              .orElseGet(() -> Page.text(OK, "alive"));
      case "/readyz" ->
          readiness
              .trouble()
              .map(why -> Page.text(UNAVAILABLE, why))
              .orElseGet(() -> Page.text(OK, "ready"));
      default -> Page.text(NOT_FOUND, "there are /metrics, /healthz and /readyz");
    };
  }

  private Page metrics(@Nullable String accept) throws IOException {
    ExpositionFormatWriter writer =
        accept != null && openMetrics.accepts(accept) ? openMetrics : prometheus;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    writer.write(body, measurements.scrape());
    return new Page(OK, writer.getContentType(), body.toString(StandardCharsets.UTF_8));
  }
}
