package io.intermodal.server.stats.metrics;

import io.intermodal.cri.v1.MetricDescriptor;
import io.intermodal.cri.v1.MetricType;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A metric and where its values come from.
 *
 * @param <R> what is read
 * @param name as Prometheus knows it
 * @param type whether it only grows
 * @param help what it tells, one sentence
 * @param ownLabels the names of its labels after those that every metric has ({@link
 *     LabelledMetrics#LABELS})
 * @param values tells the values in a reading, each with as many labels as {@code ownLabels} has
 */
record MetricFamily<R>(
    String name, MetricType type, String help, List<String> ownLabels, Values<R> values) {

  /** Takes the values out of a reading. */
  @FunctionalInterface
  interface Values<R> {
    void of(R reading, Sink sink);
  }

  /** Takes what was found. */
  @FunctionalInterface
  interface Sink {
    /**
     * A value.
     *
     * @param measuredAt in ns since 1970; 0 for one that was read just now
     */
    void measured(long measuredAt, long value, String... labels);

    /** A value that was read just now. */
    default void value(long value, String... labels) {
      measured(0, value, labels);
    }

    /** A value that was read just now, or none. */
    default void value(OptionalLong value, String... labels) {
      if (value.isPresent()) {
        measured(0, value.getAsLong(), labels);
      }
    }
  }

  /** One that goes up and down. */
  static <R> MetricFamily<R> gauge(String name, String help, Function<R, OptionalLong> value) {
    return gauge(name, help, List.of(), (reading, sink) -> sink.value(value.apply(reading)));
  }

  /** One that goes up and down, with labels of its own. */
  static <R> MetricFamily<R> gauge(
      String name, String help, List<String> ownLabels, Values<R> values) {
    return new MetricFamily<>(name, MetricType.GAUGE, help, ownLabels, values);
  }

  /** One that only grows. */
  static <R> MetricFamily<R> counter(String name, String help, Function<R, OptionalLong> value) {
    return counter(name, help, List.of(), (reading, sink) -> sink.value(value.apply(reading)));
  }

  /** One that only grows, with labels of its own. */
  static <R> MetricFamily<R> counter(
      String name, String help, List<String> ownLabels, Values<R> values) {
    return new MetricFamily<>(name, MetricType.COUNTER, help, ownLabels, values);
  }

  /** Time that only grows. See {@link #seconds}. */
  static <R> MetricFamily<R> seconds(String name, String help, Function<R, OptionalLong> nanos) {
    return counter(name, help, reading -> seconds(nanos.apply(reading)));
  }

  /**
   * Whole seconds. CRI's values are integers, and a kubelet hands them on as they are: a fraction
   * of a second cannot be told, and another unit would belie the name.
   */
  static OptionalLong seconds(OptionalLong nanos) {
    return nanos.isPresent() ? OptionalLong.of(seconds(nanos.getAsLong())) : nanos;
  }

  /** As {@link #seconds(OptionalLong)}. */
  static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  MetricDescriptor descriptor() {
    return MetricDescriptor.newBuilder()
        .setName(name)
        .setHelp(help)
        .addAllLabelKeys(LabelledMetrics.LABELS)
        .addAllLabelKeys(ownLabels)
        .build();
  }
}
