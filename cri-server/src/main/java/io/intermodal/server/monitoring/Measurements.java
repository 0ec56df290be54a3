package io.intermodal.server.monitoring;

import io.grpc.Status;
import io.intermodal.runtime.EngineFigures;
import io.intermodal.server.grpc.RequestMeter;
import io.intermodal.server.logs.CriLogs;
import io.intermodal.server.network.cni.PluginTimes;
import io.intermodal.server.streaming.SessionCounts;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Fills the metrics of the catalogue. Requests and plugins are timed as they come, without an
 * allocation once an RPC has ended with a code before; everything else is read at a scrape.
 */
public final class Measurements implements RequestMeter, PluginTimes {
  /** Seconds. A list takes a millisecond, a pull minutes. */
  private static final double[] BUCKETS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120
  };

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What stands for an RPC that there is not: clients must not make up labels. */
  private static final String UNKNOWN_RPC = "unknown";

  /** What stands for no RPC: work of the server's own. */
  private static final String NO_RPC = "none";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Set<String> rpcs;
  private final Map<String, GaugeDataPoint> inFlight = new ConcurrentHashMap<>();
  private final Map<Series, AtomicReferenceArray<DistributionDataPoint>> durations =
      new ConcurrentHashMap<>();
  private final Histogram rpcDuration = histogram(Metric.RPC_DURATION);
  private final Gauge rpcsInFlight = gauge(Metric.RPCS_IN_FLIGHT);
  private final Histogram pluginDuration = histogram(Metric.CNI_DURATION);
  private final Counter repairs = counter(Metric.REPAIRS);
  private final Counter pluginFailures = counter(Metric.CNI_FAILURES);

  /**
   * @param version of this build
   * @param engines the engines that are served, the default one first
   * @param rpcs the bare names of all RPCs of CRI
   */
  public Measurements(String version, List<String> engines, Set<String> rpcs) {
    this.rpcs = Set.copyOf(rpcs);
    Info build =
        Info.builder()
            .name(Metric.BUILD_INFO.exposedName())
            .help(Metric.BUILD_INFO.description())
            .labelNames(Metric.BUILD_INFO.labelNames())
            .register(registry);
    build.setLabelValues(version, String.join(",", engines));
    JvmMetrics.builder().register(registry);
  }

  /** Whose durations are observed together. */
  private record Series(String rpc, String engine) {}

  @Override
  public void began(String rpc) {
    inFlight(rpc).inc();
  }

  @Override
  public void ended(String rpc, String engine, Status.Code code, long nanos) {
    inFlight(rpc).dec();
    Series series = new Series(named(rpc), engine);
    AtomicReferenceArray<DistributionDataPoint> byCode = durations.get(series);
    if (byCode == null) {
      byCode =
          durations.computeIfAbsent(
              series, _ -> new AtomicReferenceArray<>(Status.Code.values().length));
    }
    DistributionDataPoint observed = byCode.get(code.value());
    if (observed == null) {
      observed = rpcDuration.labelValues(series.rpc(), engine, code.name());
      byCode.set(code.value(), observed);
    }
    observed.observe(nanos / NANOS);
  }

  private GaugeDataPoint inFlight(String rpc) {
    String name = named(rpc);
    GaugeDataPoint known = inFlight.get(name);
    return known != null ? known : inFlight.computeIfAbsent(name, rpcsInFlight::labelValues);
  }

  private String named(String rpc) {
    return rpcs.contains(rpc) ? rpc : UNKNOWN_RPC;
  }

  @Override
  public void ran(String plugin, String command, boolean succeeded, long nanos) {
    pluginDuration.labelValues(command, plugin).observe(nanos / NANOS);
    // There from the first run on: a rise is only seen from a value on.
    CounterDataPoint failures = pluginFailures.labelValues(command, plugin);
    if (!succeeded) {
      failures.inc();
    }
  }

  /**
   * An engine whose figures are read at each scrape.
   *
   * @param up whether it answers
   * @param figures what it counts; empty when nothing is
   */
  public record Engine(String name, BooleanSupplier up, Supplier<Optional<EngineFigures>> figures) {
    /** An engine that counts. */
    public static Engine counting(String name, Supplier<Optional<EngineFigures>> figures) {
      return new Engine(name, () -> figures.get().map(EngineFigures::up).orElse(false), figures);
    }
  }

  /** Has the engines' figures read at each scrape. */
  public void readEngines(List<Engine> engines) {
    readGauge(
        Metric.ENGINE_UP,
        reading ->
            engines.forEach(
                engine -> reading.call(engine.up().getAsBoolean() ? 1 : 0, engine.name())));
    readGauge(
        Metric.ENGINE_LAST_EVENT,
        reading ->
            each(
                engines,
                (engine, f) ->
                    f.sinceLastEvent()
                        .ifPresent(age -> reading.call(age.toNanos() / NANOS, engine))));
    readCounter(
        Metric.ENGINE_DISCONNECTS,
        reading -> each(engines, (engine, f) -> reading.call((double) f.disconnects(), engine)));
    readCounter(
        Metric.ENGINE_RESYNCS,
        reading -> each(engines, (engine, f) -> reading.call((double) f.resyncs(), engine)));
    readCounter(
        Metric.ENGINE_REQUESTS,
        reading ->
            each(
                engines,
                (engine, f) ->
                    f.requests()
                        .forEach(r ->
                            reading.call(
                                (double) r.count(),
                                engine,
                                r.rpc().isEmpty() ? NO_RPC : r.rpc(),
                                r.kind()))));
    readGauge(
        Metric.INDEX_OBJECTS,
        reading ->
            each(
                engines,
                (engine, f) -> {
                  reading.call(f.sandboxes(), engine, "sandbox");
                  reading.call(f.containers(), engine, "container");
                  reading.call(f.images(), engine, "image");
                }));
  }

  private static void each(List<Engine> engines, BiConsumer<String, EngineFigures> read) {
    engines.forEach(
        engine -> engine.figures().get().ifPresent(figures -> read.accept(engine.name(), figures)));
  }

  /** An RPC was given what its engine lacks. */
  public void repaired(String engine, String rpc) {
    repairs.labelValues(engine, named(rpc)).inc();
  }

  /** Has the counts of sessions read at each scrape. */
  public void readSessions(SessionCounts sessions) {
    readGauge(
        Metric.SESSIONS_OPEN,
        reading -> sessions.now().forEach(kind -> reading.call((double) kind.open(), kind.kind())));
    readCounter(
        Metric.SESSIONS,
        reading ->
            sessions.now().forEach(kind -> reading.call((double) kind.begun(), kind.kind())));
  }

  /** Has the counts of container logs read at each scrape. */
  public void readLogs(CriLogs logs) {
    readGauge(Metric.LOG_WRITERS, reading -> reading.call((double) logs.writers()));
    readCounter(Metric.LOG_BYTES, reading -> reading.call((double) logs.counts().bytes()));
    readCounter(Metric.LOG_RECORDS, reading -> reading.call((double) logs.counts().records()));
    readCounter(Metric.LOG_TROUBLES, reading -> reading.call((double) logs.counts().troubles()));
  }

  /** Everything as it is now. */
  MetricSnapshots scrape() {
    return registry.scrape();
  }

  /** One value of a metric that is being read, and the values of its labels. */
  private interface Reading {
    void call(double value, String... labels);
  }

  /** Reads a metric: says each of its values. */
  private interface Source {
    void read(Reading reading);
  }

  private void readGauge(Metric metric, Source source) {
    var _ =
        GaugeWithCallback.builder()
            .name(metric.exposedName())
            .help(metric.description())
            .labelNames(metric.labelNames())
            .callback(callback -> source.read(callback::call))
            .register(registry);
  }

  private void readCounter(Metric metric, Source source) {
    var _ =
        CounterWithCallback.builder()
            .name(metric.exposedName())
            .help(metric.description())
            .labelNames(metric.labelNames())
            .callback(callback -> source.read(callback::call))
            .register(registry);
  }

  private Histogram histogram(Metric metric) {
    return Histogram.builder()
        .name(metric.exposedName())
        .help(metric.description())
        .labelNames(metric.labelNames())
        .classicOnly()
        .classicUpperBounds(BUCKETS)
        .withoutExemplars()
        .register(registry);
  }

  private Gauge gauge(Metric metric) {
    return Gauge.builder()
        .name(metric.exposedName())
        .help(metric.description())
        .labelNames(metric.labelNames())
        .withoutExemplars()
        .register(registry);
  }

  private Counter counter(Metric metric) {
    return Counter.builder()
        .name(metric.exposedName())
        .help(metric.description())
        .labelNames(metric.labelNames())
        .withoutExemplars()
        .register(registry);
  }
}
