package io.intermodal.server.stats.cgroup.hierarchy;

import io.intermodal.server.stats.cgroup.Pressure;
import io.intermodal.server.stats.files.FileText;
import io.intermodal.server.stats.files.KeptFiles;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Files that both versions have, or that have the same form in both. A file that cannot be read has
 * no value: a kernel without it and a cgroup that ends are nothing to fail for.
 */
final class SmallFiles {
  /** Limits from here on are the kernel's way to say that there is none. */
  private static final long UNLIMITED = 1L << 62;

  private static final byte[] SOME = {'s', 'o', 'm', 'e'};
  private static final byte[] FULL = {'f', 'u', 'l', 'l'};

  private SmallFiles() {}

  static Optional<FileText> text(Path file, FileText into) {
    try {
      return Optional.of(into.read(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The file's only number, or its first; empty for {@code max}. */
  static OptionalLong number(Path file, FileText into) {
    return text(file, into).map(FileText::number).orElse(OptionalLong.empty());
  }

  static OptionalLong limit(OptionalLong limit) {
    return limit.isPresent() && limit.getAsLong() >= 0 && limit.getAsLong() < UNLIMITED
        ? limit
        : OptionalLong.empty();
  }

  static OptionalLong times(OptionalLong value, long factor) {
    return value.isPresent() ? OptionalLong.of(value.getAsLong() * factor) : OptionalLong.empty();
  }

  /** PSI; a kernel that has it switched off shows the files and refuses to read them. */
  static Optional<Pressure> pressure(
      KeptFiles<StatisticsFile> files, StatisticsFile file, FileText into) {
    try {
      return files.read(file, into).flatMap(SmallFiles::pressure);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Pressure> pressure(FileText text) {
    if (!text.passes(SOME)) {
      return Optional.empty();
    }
    Pressure.Stall some = stall(text);
    text.nextLine();
    return Optional.of(
        new Pressure(some, text.passes(FULL) ? Optional.of(stall(text)) : Optional.empty()));
  }

  /** {@code avg10=0.00 avg60=0.00 avg300=0.00 total=0}, the total in µs. */
  private static Pressure.Stall stall(FileText text) {
    double avg10 = decimalAfterEquals(text);
    double avg60 = decimalAfterEquals(text);
    double avg300 = decimalAfterEquals(text);
    long total = text.numberAfter('=').orElse(0);
    return new Pressure.Stall(total * 1000, avg10, avg60, avg300);
  }

  private static double decimalAfterEquals(FileText text) {
    text.passTo('=');
    double value = text.decimal();
    text.passBlanks();
    return value;
  }

  /** The processes of a cgroup and of those below it. */
  static List<Long> processes(Path folder, FileText into) {
    List<Long> found = new ArrayList<>();
    collectProcesses(folder, into, found);
    return found;
  }

  private static void collectProcesses(Path folder, FileText into, List<Long> found) {
    Optional<FileText> text = text(folder.resolve("cgroup.procs"), into);
    if (text.isEmpty()) {
      return;
    }
    while (!text.get().atEnd()) {
      text.get().number().ifPresent(found::add);
      text.get().nextLine();
    }
    if (hasNoneBelow(folder)) {
      return;
    }
    try (DirectoryStream<Path> below = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path one : below) {
        collectProcesses(one, into, found);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The cgroup went: so did its processes.
      return;
    }
  }

  /** A cgroup has a link from itself, one from above and one from each cgroup in it. */
  private static boolean hasNoneBelow(Path folder) {
    try {
      return Files.getAttribute(folder, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
              instanceof Integer links
          && links == 2;
    } catch (IOException e) {
      return true;
    }
  }
}
