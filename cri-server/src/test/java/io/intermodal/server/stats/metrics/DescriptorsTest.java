package io.intermodal.server.stats.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.MetricDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private static final List<MetricDescriptor> ALL = PodMetrics.DESCRIPTORS;

  // More than these would fail the suite too: it wants a value for whatever is described.
  @Test
  void what_the_validation_suite_names_is_described_and_nothing_else() throws IOException {
    assertThat(ALL)
        .extracting(MetricDescriptor::getName)
        .containsExactlyInAnyOrderElementsOf(namesInTheSuite());
  }

  @Test
  void each_says_what_it_tells_in_a_sentence() {
    assertThat(ALL)
        .allSatisfy(each -> assertThat(each.getHelp()).as(each.getName()).matches("[A-Z].{8,}\\."));
  }

  @Test
  void each_has_the_labels_by_which_a_container_is_found_first() {
    assertThat(ALL)
        .allSatisfy(each ->
            assertThat(each.getLabelKeysList())
                .as(each.getName())
                .startsWith("id", "image", "namespace", "pod", "container")
                .doesNotHaveDuplicates());
  }

  private static List<String> namesInTheSuite() throws IOException {
    try (InputStream text = DescriptorsTest.class.getResourceAsStream("validation-suite.txt")) {
      return new String(Objects.requireNonNull(text).readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }
}
