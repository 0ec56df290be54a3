package io.intermodal.server.tracing;

import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.grpc.RequestTracer;
import io.intermodal.server.transport.Transport;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what requests go through and sends it to a collector, some seconds later and in the
 * background. Requests never wait for it: what a collector does not take in time is dropped.
 *
 * <p>A caller that says whether its trace is recorded decides (a kubelet does, where its own
 * tracing is on); for the others a rate does. With a rate of 0 nothing at all is decided for them:
 * the engine may trace them by a rate of its own.
 */
public final class Tracing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tracing.class);

  private static final String SERVICE = "intermodal";
  private static final double MILLION = 1_000_000;
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  /** Spans that wait to be sent; a span has about 1 KiB. */
  private static final int LONGEST_QUEUE = 2048;

  private static final int LARGEST_BATCH = 512;
  private static final Duration BETWEEN_BATCHES = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long SECONDS_TO_FLUSH = 1;

  private final SdkTracerProvider provider;
  private final Collector collector;
  private final Tracer tracer;
  private final boolean onlyCallersTraces;

  private Tracing(SdkTracerProvider provider, Collector collector, boolean onlyCallersTraces) {
    this.provider = provider;
    this.collector = collector;
    this.tracer = provider.get("io.intermodal");
    this.onlyCallersTraces = onlyCallersTraces;
  }

  /**
   * Starts. The collector need not be up.
   *
   * @param endpoint of the collector, for OTLP over gRPC without TLS
   * @param ratePerMillion how many of a million requests are traced whose callers say nothing
   * @param version of this program
   */
  public static Tracing start(
      InetSocketAddress endpoint, int ratePerMillion, String version, Transport transport) {
    Collector collector = Collector.at(endpoint, transport);
    Sampler others =
        ratePerMillion == 0
            ? Sampler.alwaysOff()
            : Sampler.traceIdRatioBased(ratePerMillion / MILLION);
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource(version))
            .setSampler(Sampler.parentBased(others))
            .addSpanProcessor(
                BatchSpanProcessor.builder(collector.exporter(PATIENCE))
                    .setMaxQueueSize(LONGEST_QUEUE)
                    .setMaxExportBatchSize(LARGEST_BATCH)
                    .setScheduleDelay(BETWEEN_BATCHES)
                    .setExporterTimeout(PATIENCE)
                    .build())
            .build();
    return new Tracing(provider, collector, ratePerMillion == 0);
  }

  private static Resource resource(String version) {
    return Resource.getDefault()
        .merge(
            Resource.create(
                Attributes.builder()
                    .put("service.name", SERVICE)
                    .put("service.version", version)
                    .put("host.name", hostName())
                    .build()));
  }

  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      log.warn("spans do not say which host they are from: {}", e.toString());
      return "";
    }
  }

  /** Makes spans of the requests that come in. */
  public RequestTracer requests() {
    return new TracedRequests(tracer, onlyCallersTraces);
  }

  /** Makes spans of the calls that go to an engine in the course of a request. */
  public UnaryOperator<CriCalls> callsTo(String engine) {
    return calls -> new TracedCalls(tracer, engine, calls);
  }

  /** Sends what is left, a second at most. */
  @Override
  public void close() {
    if (!provider.shutdown().join(SECONDS_TO_FLUSH, TimeUnit.SECONDS).isDone()) {
      log.warn(
          "the last spans are dropped: the collector did not take them within {} s",
          SECONDS_TO_FLUSH);
    }
    collector.close();
  }
}
