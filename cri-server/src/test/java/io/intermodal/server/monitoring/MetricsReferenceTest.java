package io.intermodal.server.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MetricsReferenceTest {
  @Test
  void the_page_of_metrics_in_the_docs_is_the_catalogue() {
    // Tests run in the module's folder.
    assertThat(Path.of("../docs/metrics.md")).hasContent(MetricsReference.markdown());
  }
}
