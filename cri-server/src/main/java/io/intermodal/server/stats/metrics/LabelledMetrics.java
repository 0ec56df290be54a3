package io.intermodal.server.stats.metrics;

import io.intermodal.cri.v1.Metric;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.cri.v1.UInt64Value;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import java.util.ArrayList;
import java.util.List;

/** Metrics of one thing, collected: all of them have the labels that tell which thing. */
final class LabelledMetrics {
  /**
   * What every metric is labelled with, in the order of the values. The names are those of
   * kubelets; {@code id} is the container's, or the sandbox's for what the pod has as a whole.
   */
  static final List<String> LABELS = List.of("id", "image", "namespace", "pod", "container");

  private final List<String> values;
  private final List<Metric> metrics = new ArrayList<>();

  private LabelledMetrics(String id, String image, PodSandboxAttributes pod, String container) {
    this.values =
        List.of(
            id, image, pod.getMetadata().getNamespace(), pod.getMetadata().getName(), container);
  }

  /** For a container. */
  static LabelledMetrics of(MeasuredContainer container, PodSandboxAttributes pod) {
    return new LabelledMetrics(
        container.id(), container.image(), pod, container.attributes().getMetadata().getName());
  }

  /**
   * For all of a pod together: no container is named, as in cAdvisor's metrics of a pod's cgroup.
   */
  static LabelledMetrics of(PodSandboxAttributes pod) {
    return new LabelledMetrics(pod.getId(), "", pod, "");
  }

  /** For a pod's sandbox, which has the network: dashboards know it as the container "POD". */
  static LabelledMetrics ofSandbox(PodSandboxAttributes pod) {
    return new LabelledMetrics(pod.getId(), "", pod, "POD");
  }

  /** Adds what these rows find in the reading. */
  <R> void add(List<MetricFamily<R>> families, R reading) {
    for (MetricFamily<R> family : families) {
      family.values().of(reading, (measuredAt, value, own) -> add(family, measuredAt, value, own));
    }
  }

  private void add(MetricFamily<?> family, long measuredAt, long value, String... own) {
    metrics.add(
        Metric.newBuilder()
            .setName(family.name())
            .setTimestamp(measuredAt)
            .setMetricType(family.type())
            .addAllLabelValues(values)
            .addAllLabelValues(List.of(own))
            .setValue(UInt64Value.newBuilder().setValue(value))
            .build());
  }

  /** What was added, in that order. */
  List<Metric> metrics() {
    return metrics;
  }
}
