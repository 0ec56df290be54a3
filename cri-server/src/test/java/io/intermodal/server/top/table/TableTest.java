package io.intermodal.server.top.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Pod.Container;
import io.intermodal.server.top.usage.Usage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final Pod<Usage> BUSY =
      new Pod<>(
          "1",
          "default",
          "busy",
          usage(0.25, 10, 100),
          List.of(container("a", 0.05, 8), container("b", 0.2, 2)));
  private static final Pod<Usage> LARGE = pod("default", "large", usage(0.001, 900, 5));
  private static final Pod<Usage> CHATTY = pod("kube-system", "chatty", usage(0.1, 20, 5000));
  private static final List<Pod<Usage>> PODS = List.of(BUSY, LARGE, CHATTY);

  @Test
  void every_column_is_there_when_there_is_room() {
    assertThat(Table.lines(PODS, choice(View.TREE, SortKey.CPU), 120))
        .containsExactly(
            "NAMESPACE/POD, CONTAINER       CPU     MEMORY      LIMIT       RX/s       TX/s   PROCS    WRITTEN",
            "default/busy                  250m    10.0MiB   900.0MiB       100B         0B       3          -",
            "  b                           200m     2.0MiB   900.0MiB         0B         0B       3          -",
            "  a                          50.0m     8.0MiB   900.0MiB         0B         0B       3          -"
                .replace("50.0m", "  50m"),
            "kube-system/chatty            100m    20.0MiB   900.0MiB     4.9KiB         0B       3          -",
            "default/large                 1.0m   900.0MiB   900.0MiB         5B         0B       3          -");
  }

  @Test
  void columns_go_one_after_the_other_as_it_gets_narrow_and_cpu_and_memory_stay() {
    assertThat(header(90)).contains("LIMIT", "RX/s", "PROCS").doesNotContain("WRITTEN");
    assertThat(header(80)).contains("LIMIT", "RX/s").doesNotContain("PROCS", "WRITTEN");
    assertThat(header(70)).contains("RX/s", "TX/s").doesNotContain("LIMIT");
    assertThat(header(50)).contains("CPU", "MEMORY").doesNotContain("RX/s");
    assertThat(header(30)).contains("CPU", "MEMORY");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 29, 40, 79, 80, 132, 400})
  void no_line_is_wider_than_the_terminal(int width) {
    assertThat(Table.lines(PODS, choice(View.CONTAINERS, SortKey.CPU), width))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
  }

  @Test
  void a_name_that_does_not_fit_is_cut_and_the_numbers_stay_in_their_columns() {
    Pod<Usage> endless = pod("default", "x".repeat(100), usage(0.25, 10, 0));

    List<String> lines = Table.lines(List.of(endless), choice(View.PODS, SortKey.CPU), 60);

    assertThat(lines.get(1)).hasSize(60).contains("xxx~   ").contains("250m").contains("10.0MiB");
  }

  @Test
  void keys_sort_numbers_down_and_names_up() {
    assertThat(names(SortKey.CPU, false)).containsExactly("busy", "chatty", "large");
    assertThat(names(SortKey.MEMORY, false)).containsExactly("large", "chatty", "busy");
    assertThat(names(SortKey.NETWORK, false)).containsExactly("chatty", "busy", "large");
    assertThat(names(SortKey.NAME, false)).containsExactly("busy", "large", "chatty");
  }

  @Test
  void reversed_is_the_other_way_round() {
    assertThat(names(SortKey.CPU, true)).containsExactly("large", "chatty", "busy");
  }

  @Test
  void what_is_not_known_is_a_dash_and_sorted_last() {
    Pod<Usage> unknown = pod("a", "unknown", UNKNOWN);

    List<String> lines =
        Table.lines(List.of(unknown, LARGE), choice(View.PODS, SortKey.MEMORY), 120);

    assertThat(lines.get(2)).matches("a/unknown( +-){7}");
  }

  @Test
  void containers_alone_carry_the_names_of_their_pods() {
    assertThat(Table.lines(PODS, choice(View.CONTAINERS, SortKey.MEMORY), 120))
        .hasSize(3)
        .element(1)
        .asString()
        .startsWith("default/busy/a ");
  }

  @Test
  void codes_in_a_name_do_not_reach_the_terminal() {
    Pod<Usage> evil = pod("default", "a\033[2Jb", UNKNOWN);

    assertThat(Table.lines(List.of(evil), choice(View.PODS, SortKey.CPU), 80).get(1))
        .startsWith("default/a?[2Jb ");
  }

  @Test
  void units_are_those_that_people_know() {
    assertThat(Units.cores(OptionalDouble.of(0))).isEqualTo("0m");
    assertThat(Units.cores(OptionalDouble.of(0.0042))).isEqualTo("4.2m");
    assertThat(Units.cores(OptionalDouble.of(3.5))).isEqualTo("3500m");
    assertThat(Units.bytes(OptionalLong.of(1023))).isEqualTo("1023B");
    assertThat(Units.bytes(OptionalLong.of(MEBIBYTE - 1))).isEqualTo("1.0MiB");
    assertThat(Units.bytes(OptionalLong.of(3 * MEBIBYTE / 2))).isEqualTo("1.5MiB");
    assertThat(Units.bytes(OptionalLong.of(5L << 30))).isEqualTo("5.0GiB");
  }

  private static String header(int width) {
    return Table.lines(PODS, choice(View.TREE, SortKey.CPU), width).getFirst();
  }

  private static List<String> names(SortKey key, boolean reversed) {
    return Table.lines(PODS, new Table.Choice(View.PODS, key, reversed), 120).stream()
        .skip(1)
        .map(line -> line.substring(line.indexOf('/') + 1, line.indexOf(' ')))
        .toList();
  }

  private static Table.Choice choice(View view, SortKey key) {
    return new Table.Choice(view, key, false);
  }

  private static final Usage UNKNOWN =
      new Usage(
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  static Usage usage(double cores, long mebibytes, double received) {
    return new Usage(
        OptionalDouble.of(cores),
        OptionalLong.of(mebibytes * MEBIBYTE),
        OptionalLong.of(900 * MEBIBYTE),
        OptionalDouble.of(received),
        OptionalDouble.of(0),
        OptionalLong.of(3),
        OptionalLong.empty());
  }

  private static Container<Usage> container(String name, double cores, long mebibytes) {
    return new Container<>(name, name, usage(cores, mebibytes, 0));
  }

  static Pod<Usage> pod(String namespace, String name, Usage usage) {
    return new Pod<>(name, namespace, name, usage, List.of());
  }
}
