package io.intermodal.server.stats.cgroup.hierarchy;

import static io.intermodal.server.stats.cgroup.hierarchy.SmallFiles.number;

import io.intermodal.server.stats.cgroup.HugePageCounters;
import io.intermodal.server.stats.files.FileText;
import io.intermodal.server.stats.files.Names;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Huge pages, for each size that this kernel has. */
final class HugePages {
  private static final Names EVENTS = Names.of("max");

  private HugePages() {}

  static List<HugePageCounters> versionOne(Path folder, FileText text) {
    List<HugePageCounters> found = new ArrayList<>();
    for (String size : sizes(folder, ".usage_in_bytes")) {
      Path usage = folder.resolve("hugetlb." + size + ".usage_in_bytes");
      Path maxUsage = folder.resolve("hugetlb." + size + ".max_usage_in_bytes");
      Path failures = folder.resolve("hugetlb." + size + ".failcnt");
      number(usage, text)
          .ifPresent(bytes ->
              found.add(
                  new HugePageCounters(
                      size, bytes, number(maxUsage, text), number(failures, text))));
    }
    return found;
  }

  static List<HugePageCounters> versionTwo(Path folder, FileText text) {
    List<HugePageCounters> found = new ArrayList<>();
    for (String size : sizes(folder, ".current")) {
      Path events = folder.resolve("hugetlb." + size + ".events");
      number(folder.resolve("hugetlb." + size + ".current"), text)
          .ifPresent(bytes ->
              found.add(
                  new HugePageCounters(
                      size,
                      bytes,
                      OptionalLong.empty(),
                      SmallFiles.text(events, text)
                          .map(file -> file.numbers(EVENTS).get("max"))
                          .orElse(OptionalLong.empty()))));
    }
    return found;
  }

  private static List<String> sizes(Path folder, String ending) {
    List<String> sizes = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "hugetlb.*B" + ending)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String size = name.substring("hugetlb.".length(), name.length() - ending.length());
        if (size.indexOf('.') < 0) {
          sizes.add(size);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // No such controller, or the cgroup went.
      return List.of();
    }
    return sizes;
  }
}
