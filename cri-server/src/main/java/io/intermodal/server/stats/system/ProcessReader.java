package io.intermodal.server.stats.system;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads what processes have open. The kernel keeps no count of it: each link in {@code
 * /proc/PID/fd} is looked at, a microsecond or two for one, which is why there is a bound.
 */
public final class ProcessReader {
  /**
   * The most descriptors that are looked at for one reading, a process counting as {@link
   * #PROCESS_COST}: about 50 ms. A container with more has no numbers, and no request waits for it.
   */
  private static final int MOST_DESCRIPTORS = 20_000;

  private static final int PROCESS_COST = 10;

  /** The line of {@code /proc/PID/limits}; the soft limit is its next word. */
  private static final String OPEN_FILES = "Max open files";

  private final Path proc;

  /**
   * @param proc where procfs is mounted
   */
  public ProcessReader(Path proc) {
    this.proc = proc;
  }

  /**
   * What these processes have open. One that ends meanwhile has nothing open.
   *
   * @param pids in the host's PID namespace, the container's first process first
   */
  public ProcessReading read(List<Long> pids) {
    OptionalLong limit = pids.isEmpty() ? OptionalLong.empty() : openFilesLimit(pids.getFirst());
    long descriptors = 0;
    long sockets = 0;
    long left = MOST_DESCRIPTORS;
    for (long pid : pids) {
      String folder = proc + "/" + pid + "/fd";
      String[] names = new File(folder).list();
      if (names == null) {
        if (Files.exists(Path.of(folder))) {
          return unknown(pids, limit);
        }
        continue;
      }
      left -= PROCESS_COST + names.length;
      if (left < 0) {
        return unknown(pids, limit);
      }
      descriptors += names.length;
      sockets += SystemCalls.linksTo("socket:", folder, names);
    }
    return new ProcessReading(
        pids.size(), OptionalLong.of(descriptors), OptionalLong.of(sockets), limit);
  }

  private static ProcessReading unknown(List<Long> pids, OptionalLong limit) {
    return new ProcessReading(pids.size(), OptionalLong.empty(), OptionalLong.empty(), limit);
  }

  private OptionalLong openFilesLimit(long pid) {
    String limits;
    try {
      limits = Files.readString(proc.resolve(Long.toString(pid)).resolve("limits"));
    } catch (IOException ended) {
      // The process is gone, and its limit with it.
      return OptionalLong.empty();
    }
    int line = limits.indexOf(OPEN_FILES);
    if (line < 0) {
      return OptionalLong.empty();
    }
    int end = limits.indexOf('\n', line);
    String values = limits.substring(line + OPEN_FILES.length(), end < 0 ? limits.length() : end);
    String soft = values.strip().split(" ", 2)[0];
    return soft.equals("unlimited") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(soft));
  }
}
