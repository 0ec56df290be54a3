package io.intermodal.server.stats.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.Metric;
import io.intermodal.cri.v1.MetricDescriptor;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Metrics as lines, put together with their descriptors as a kubelet does. */
final class Told {
  private Told() {}

  /** {@code name{key="value"} 4}: without the labels that every metric has. */
  static List<String> briefly(List<Metric> metrics) {
    return lines(metrics, LabelledMetrics.LABELS.size());
  }

  /** {@code name{id="4f",…,key="value"} 4}. */
  static List<String> inFull(List<Metric> metrics) {
    return lines(metrics, 0);
  }

  private static List<String> lines(List<Metric> metrics, int firstLabel) {
    return metrics.stream().map(metric -> line(metric, firstLabel)).toList();
  }

  private static String line(Metric metric, int firstLabel) {
    MetricDescriptor descriptor =
        PodMetrics.DESCRIPTORS.stream()
            .filter(each -> each.getName().equals(metric.getName()))
            .findFirst()
            .orElseThrow();
    assertThat(metric.getLabelValuesList())
        .as("labels of " + metric.getName())
        .hasSameSizeAs(descriptor.getLabelKeysList());
    String labels =
        IntStream.range(firstLabel, descriptor.getLabelKeysCount())
            .mapToObj(i -> descriptor.getLabelKeys(i) + "=\"" + metric.getLabelValues(i) + '"')
            .collect(Collectors.joining(",", "{", "}"));
    return metric.getName()
        + (labels.equals("{}") ? "" : labels)
        + ' '
        + metric.getValue().getValue();
  }
}
