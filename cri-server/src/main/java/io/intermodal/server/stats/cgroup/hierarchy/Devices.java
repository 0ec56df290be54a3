package io.intermodal.server.stats.cgroup.hierarchy;

import io.intermodal.server.stats.cgroup.DeviceCounters;
import io.intermodal.server.stats.cgroup.DeviceCounters.Directions;
import io.intermodal.server.stats.files.FileText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Input and output by block device. */
final class Devices {
  private Devices() {}

  private record Device(int major, int minor) {}

  /** Lines as {@code 8:0 Read 4096}, in a file for bytes and one for operations. */
  static List<DeviceCounters> versionOne(Path folder, FileText text) {
    var bytes = lines(folder.resolve("blkio.throttle.io_service_bytes_recursive"), ' ', text);
    var operations = lines(folder.resolve("blkio.throttle.io_serviced_recursive"), ' ', text);
    List<DeviceCounters> devices = new ArrayList<>();
    bytes.forEach((device, values) ->
        devices.add(
            new DeviceCounters(
                device.major(),
                device.minor(),
                directions(values),
                directions(operations.getOrDefault(device, Map.of())))));
    return devices;
  }

  private static Directions directions(Map<String, Long> values) {
    return new Directions(
        value(values, "Read"),
        value(values, "Write"),
        value(values, "Discard"),
        value(values, "Sync"),
        value(values, "Async"));
  }

  /** Lines as {@code 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6}. */
  static List<DeviceCounters> versionTwo(Path folder, FileText text) {
    List<DeviceCounters> devices = new ArrayList<>();
    lines(folder.resolve("io.stat"), '=', text)
        .forEach((device, values) ->
            devices.add(
                new DeviceCounters(
                    device.major(),
                    device.minor(),
                    directions(values, "bytes"),
                    directions(values, "ios"))));
    return devices;
  }

  private static Directions directions(Map<String, Long> values, String unit) {
    return new Directions(
        value(values, "r" + unit),
        value(values, "w" + unit),
        value(values, "d" + unit),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static OptionalLong value(Map<String, Long> values, String name) {
    Long value = values.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** A line may name several values of its device, or a device may have several lines. */
  private static Map<Device, Map<String, Long>> lines(Path file, char beforeNumber, FileText into) {
    Map<Device, Map<String, Long>> devices = new LinkedHashMap<>();
    Optional<FileText> read = SmallFiles.text(file, into);
    if (read.isEmpty()) {
      return devices;
    }
    FileText text = read.get();
    for (; !text.atEnd(); text.nextLine()) {
      OptionalLong major = text.number();
      OptionalLong minor = major.isPresent() ? text.numberAfter(':') : OptionalLong.empty();
      if (minor.isPresent()) {
        Map<String, Long> values =
            devices.computeIfAbsent(
                new Device((int) major.getAsLong(), (int) minor.getAsLong()),
                device -> new HashMap<>());
        String name = text.word(beforeNumber);
        while (!name.isEmpty()) {
          text.numberAfter(beforeNumber).ifPresent(new Put(values, name)::value);
          name = text.word(beforeNumber);
        }
      }
    }
    return devices;
  }

  private record Put(Map<String, Long> values, String name) {
    void value(long value) {
      values.put(name, value);
    }
  }
}
