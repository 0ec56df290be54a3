package io.intermodal.server.stats.metrics;

import static io.intermodal.server.stats.metrics.MetricFamily.counter;
import static io.intermodal.server.stats.metrics.MetricFamily.gauge;

import io.intermodal.runtime.node.statistics.FolderSizes.FolderUse;
import io.intermodal.server.stats.cgroup.DeviceCounters;
import io.intermodal.server.stats.system.FileSystemReading;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Input and output of block devices, and the file system that a container writes to. */
final class DiskMetrics {
  private static final List<String> DEVICE = List.of("device");

  /**
   * What a container did on a device.
   *
   * @param device its name
   */
  record DeviceUse(String device, DeviceCounters counters) {}

  /**
   * Where a container writes what it changes of its image.
   *
   * @param device the name of the device that holds it
   * @param written what it wrote; empty before it was first looked at
   */
  record WritableLayer(String device, FileSystemReading fileSystem, Optional<FolderUse> written) {}

  /** Input and output, by device. */
  static final List<MetricFamily<DeviceUse>> DEVICES =
      List.of(
          byDevice(
              "container_fs_reads_bytes_total",
              "Bytes read from the device.",
              counters -> counters.bytes().read()),
          byDevice(
              "container_fs_reads_total",
              "Reads from the device.",
              counters -> counters.operations().read()),
          byDevice(
              "container_fs_writes_bytes_total",
              "Bytes written to the device.",
              counters -> counters.bytes().written()),
          byDevice(
              "container_fs_writes_total",
              "Writes to the device.",
              counters -> counters.operations().written()),
          counter(
              "container_blkio_device_usage_total",
              "Bytes moved from and to the device, by what was done.",
              List.of("device", "major", "minor", "operation"),
              (use, sink) -> {
                String major = Integer.toString(use.counters.major());
                String minor = Integer.toString(use.counters.minor());
                DeviceCounters.Directions bytes = use.counters.bytes();
                // The operations' names are the kernel's, in files of version 1.
                sink.value(bytes.read(), use.device, major, minor, "Read");
                sink.value(bytes.written(), use.device, major, minor, "Write");
                sink.value(bytes.discarded(), use.device, major, minor, "Discard");
                sink.value(bytes.sync(), use.device, major, minor, "Sync");
                sink.value(bytes.async(), use.device, major, minor, "Async");
              }));

  /** The file system of the writable layer. */
  static final List<MetricFamily<WritableLayer>> WRITABLE_LAYER =
      List.of(
          gauge(
              "container_fs_usage_bytes",
              "What the container wrote over its image, in bytes on the disk.",
              DEVICE,
              (layer, sink) ->
                  layer.written.ifPresent(
                      use -> sink.measured(use.measuredAt(), use.bytes(), layer.device))),
          gauge(
              "container_fs_limit_bytes",
              "Size of the file system that the container writes to, in bytes.",
              DEVICE,
              (layer, sink) -> sink.value(layer.fileSystem.size(), layer.device)),
          gauge(
              "container_fs_inodes_total",
              "Inodes of the file system that the container writes to.",
              DEVICE,
              (layer, sink) -> sink.value(layer.fileSystem.inodes(), layer.device)),
          gauge(
              "container_fs_inodes_free",
              "Free inodes of the file system that the container writes to.",
              DEVICE,
              (layer, sink) -> sink.value(layer.fileSystem.inodesFree(), layer.device)));

  private DiskMetrics() {}

  private static MetricFamily<DeviceUse> byDevice(
      String name, String help, Function<DeviceCounters, OptionalLong> count) {
    return counter(
        name, help, DEVICE, (use, sink) -> sink.value(count.apply(use.counters), use.device));
  }
}
