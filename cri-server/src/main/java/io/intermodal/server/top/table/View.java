package io.intermodal.server.top.table;

import io.intermodal.server.top.table.SortKey.Row;
import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What there is a line for. */
public enum View {
  /** Each pod with its containers below it. */
  TREE,
  PODS,
  CONTAINERS;

  private static final String INDENTATION = "  ";

  /** The one that a key press brings next. */
  public View next() {
    return switch (this) {
      case TREE -> PODS;
      case PODS -> CONTAINERS;
      case CONTAINERS -> TREE;
    };
  }

  String header() {
    return switch (this) {
      case TREE -> "NAMESPACE/POD, CONTAINER";
      case PODS -> "NAMESPACE/POD";
      case CONTAINERS -> "NAMESPACE/POD/CONTAINER";
    };
  }

  List<Row> rows(List<Pod<Usage>> pods, Comparator<Row> order) {
    return switch (this) {
      case PODS -> pods.stream().map(View::row).sorted(order).toList();
      case CONTAINERS ->
          pods.stream()
              .flatMap(pod -> containers(pod, name(pod) + "/").stream())
              .sorted(order)
              .toList();
      case TREE -> {
        List<Row> rows = new ArrayList<>();
        pods.stream()
            .sorted((a, b) -> order.compare(row(a), row(b)))
            .forEach(pod -> {
              rows.add(row(pod));
              rows.addAll(containers(pod, INDENTATION).stream().sorted(order).toList());
            });
        yield rows;
      }
    };
  }

  private static Row row(Pod<Usage> pod) {
    return new Row(name(pod), pod.known());
  }

  private static List<Row> containers(Pod<Usage> pod, String prefix) {
    return pod.containers().stream()
        .map(each -> new Row(prefix + each.name(), each.known()))
        .toList();
  }

  private static String name(Pod<Usage> pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
