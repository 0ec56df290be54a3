package io.intermodal.server.stats.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.Metric;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.runtime.node.statistics.FolderSizes.FolderUse;
import io.intermodal.server.stats.cgroup.DeviceCounters;
import io.intermodal.server.stats.cgroup.DeviceCounters.Directions;
import io.intermodal.server.stats.metrics.DiskMetrics.DeviceUse;
import io.intermodal.server.stats.metrics.DiskMetrics.WritableLayer;
import io.intermodal.server.stats.system.FileSystemReading;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DiskMetricsTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final FileSystemReading FILE_SYSTEM = new FileSystemReading(1_000_000, 500, 400);
  private final LabelledMetrics metrics =
      LabelledMetrics.of(PodSandboxAttributes.getDefaultInstance());

  @Test
  void a_device_of_version_2_is_told_by_bytes_and_operations() {
    metrics.add(
        DiskMetrics.DEVICES,
        new DeviceUse(
            "/dev/sda",
            new DeviceCounters(
                8,
                0,
                new Directions(
                    OptionalLong.of(4096), OptionalLong.of(512), OptionalLong.of(7), NONE, NONE),
                new Directions(
                    OptionalLong.of(3), OptionalLong.of(1), OptionalLong.of(0), NONE, NONE))));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_fs_reads_bytes_total{device=\"/dev/sda\"} 4096",
            "container_fs_reads_total{device=\"/dev/sda\"} 3",
            "container_fs_writes_bytes_total{device=\"/dev/sda\"} 512",
            "container_fs_writes_total{device=\"/dev/sda\"} 1",
            usage("Read", 4096),
            usage("Write", 512),
            usage("Discard", 7));
  }

  @Test
  void a_device_of_version_1_is_also_told_by_who_waited() {
    metrics.add(
        DiskMetrics.DEVICES,
        new DeviceUse(
            "/dev/sda",
            new DeviceCounters(
                8,
                0,
                new Directions(NONE, NONE, NONE, OptionalLong.of(4096), OptionalLong.of(512)),
                new Directions(NONE, NONE, NONE, NONE, NONE))));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(usage("Sync", 4096), usage("Async", 512));
  }

  @Test
  void a_writable_layer_is_told_with_the_file_system_below_it() {
    metrics.add(
        DiskMetrics.WRITABLE_LAYER,
        new WritableLayer(
            "/dev/vda1", FILE_SYSTEM, Optional.of(new FolderUse(12_288, 3, 1_700_000_000_000L))));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_fs_usage_bytes{device=\"/dev/vda1\"} 12288",
            "container_fs_limit_bytes{device=\"/dev/vda1\"} 1000000",
            "container_fs_inodes_total{device=\"/dev/vda1\"} 500",
            "container_fs_inodes_free{device=\"/dev/vda1\"} 400");
  }

  @Test
  void only_what_was_measured_ahead_of_time_says_when() {
    metrics.add(
        DiskMetrics.WRITABLE_LAYER,
        new WritableLayer(
            "/dev/vda1", FILE_SYSTEM, Optional.of(new FolderUse(12_288, 3, 1_700_000_000_000L))));

    assertThat(metrics.metrics())
        .extracting(Metric::getTimestamp)
        .containsExactly(1_700_000_000_000L, 0L, 0L, 0L);
  }

  @Test
  void a_writable_layer_that_was_never_measured_has_no_size() {
    metrics.add(
        DiskMetrics.WRITABLE_LAYER, new WritableLayer("/dev/vda1", FILE_SYSTEM, Optional.empty()));

    assertThat(metrics.metrics())
        .extracting(Metric::getName)
        .containsExactly(
            "container_fs_limit_bytes", "container_fs_inodes_total", "container_fs_inodes_free");
  }

  private static String usage(String operation, long bytes) {
    return ("container_blkio_device_usage_total"
            + "{device=\"/dev/sda\",major=\"8\",minor=\"0\",operation=\"%s\"} %d")
        .formatted(operation, bytes);
  }
}
