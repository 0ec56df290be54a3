package io.intermodal.server.stats.cgroup.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.runtime.node.statistics.CgroupPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KeptCgroupsTest {
  @TempDir Path root;
  private final AtomicLong now = new AtomicLong();
  private final KeptCgroups kept = new KeptCgroups(2, this::files, KeptCgroups.IDLE, now::get);

  @BeforeEach
  void three_cgroups() throws IOException {
    for (String name : new String[] {"a", "b", "c"}) {
      new Tree(root).write(name + "/usage", "1");
    }
  }

  @AfterEach
  void close() {
    kept.close();
  }

  private Map<StatisticsFile, Path> files(CgroupPlace place) {
    return Map.of(StatisticsFile.CPU, root.resolve(place.path()).resolve("usage"));
  }

  private Optional<Long> read(String name) {
    return read(kept, name);
  }

  private static Optional<Long> read(KeptCgroups kept, String name) {
    return kept.read(
        new CgroupPlace(name, 0),
        (files, text) ->
            files.read(StatisticsFile.CPU, text).map(read -> read.number().orElse(-1)));
  }

  @Test
  void what_is_over_the_bound_is_read_and_not_kept_open() {
    assertThat(read("a")).contains(1L);
    assertThat(read("b")).contains(1L);
    assertThat(read("c")).contains(1L);
    assertThat(kept.openFiles()).isEqualTo(2);
  }

  @Test
  void what_nobody_reads_is_closed_and_can_be_read_again() {
    read("a");
    now.addAndGet(Duration.ofMinutes(3).toNanos());
    read("b");
    assertThat(kept.openFiles()).isEqualTo(1);
    assertThat(read("a")).contains(1L);
  }

  @Test
  @Timeout(30)
  void files_are_closed_also_when_nothing_is_read_any_more() throws InterruptedException {
    try (KeptCgroups soon =
        new KeptCgroups(2, this::files, Duration.ofMillis(50), System::nanoTime)) {
      read(soon, "a");
      while (soon.openFiles() > 0) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  @Test
  void nothing_is_kept_of_what_is_not_there() {
    assertThat(read("missing")).isEmpty();
    assertThat(kept.openFiles()).isZero();
  }
}
