package io.intermodal.server.top.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Usage;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {
  private static final Table.Choice CHOICE = new Table.Choice(View.PODS, SortKey.NAME, false);

  @Test
  void a_page_has_totals_above_the_table_and_the_keys_in_the_last_line() {
    List<String> page = texts(page(3, Optional.empty(), 0, 100, 10));

    assertThat(page).hasSize(10);
    assertThat(page.getFirst())
        .isEqualTo("3 pods, 0 containers: cpu 300m, memory 30.0MiB; by name; unix:///s");
    assertThat(page.get(2)).startsWith("NAMESPACE/POD");
    assertThat(page.get(3)).startsWith("default/pod-100");
    assertThat(page.getLast()).startsWith("c cpu  m memory").endsWith("q quit");
  }

  @Test
  void more_than_fits_is_counted_and_scrolled() {
    Page page = page(50, Optional.empty(), 7, 100, 24);

    assertThat(page.visible()).isEqualTo(20);
    assertThat(texts(page).get(3)).startsWith("default/pod-107");
    assertThat(texts(page).getLast()).startsWith("8-27 of 50  c cpu");
  }

  @Test
  void scrolling_ends_at_the_ends() {
    assertThat(page(50, Optional.empty(), Integer.MAX_VALUE, 100, 24).offset()).isEqualTo(30);
    assertThat(page(50, Optional.empty(), -5, 100, 24).offset()).isZero();
    assertThat(page(3, Optional.empty(), 2, 100, 24).offset()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "80,3", "80,5", "20,6", "5,24", "300,100"})
  void a_page_fits_into_any_terminal(int width, int height) {
    List<String> page = texts(page(50, Optional.of("gone\nfor long"), 0, width, height));

    assertThat(page).hasSizeLessThanOrEqualTo(height).isNotEmpty();
    assertThat(page)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width).doesNotContain("\n"));
  }

  @Test
  void a_low_terminal_is_left_to_the_table() {
    List<String> page = texts(page(50, Optional.empty(), 0, 80, 5));

    assertThat(page).hasSize(5);
    assertThat(page.getFirst()).startsWith("NAMESPACE/POD");
    assertThat(page.getLast()).startsWith("default/pod-103");
  }

  @Test
  void trouble_is_told_above_numbers_that_are_shown_as_old() {
    Page page = page(1, Optional.of("nobody answers"), 0, 80, 10);

    assertThat(page.lines().get(1)).isEqualTo(new Page.Line(Page.Style.TROUBLE, "nobody answers"));
    assertThat(page.lines().get(3).style()).isEqualTo(Page.Style.FAINT);
    assertThat(page.lines().get(3).text()).startsWith("default/pod-100");
  }

  private static Page page(int count, Optional<String> trouble, int offset, int width, int height) {
    List<Pod<Usage>> pods =
        IntStream.range(100, 100 + count)
            .mapToObj(i -> TableTest.pod("default", "pod-" + i, TableTest.usage(0.1, 10, 0)))
            .toList();
    return Page.of(new Page.Content("unix:///s", pods, CHOICE, trouble), offset, width, height);
  }

  private static List<String> texts(Page page) {
    return page.lines().stream().map(Page.Line::text).toList();
  }
}
