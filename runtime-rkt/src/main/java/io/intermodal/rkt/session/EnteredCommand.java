package io.intermodal.rkt.session;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command line that brings a command into a container: as its first process is. */
final class EnteredCommand {
  /** Joins cgroups and becomes the program. Arguments: files, --, program. */
  private static final String JOIN =
      "while [ \"$1\" != -- ]; do echo $$ >\"$1\"; shift; done; shift; exec \"$@\"";

  private EnteredCommand() {}

  /**
   * The process, not started yet.
   *
   * @param enter the program that enters a container
   * @param main the container's first process
   * @param cgroups the files that it writes its id to
   * @param terminal whether it gets a terminal of its own
   * @throws CriException FAILED_PRECONDITION when the container's process is gone
   */
  static ProcessBuilder of(
      Path enter, long main, List<Path> cgroups, List<String> command, boolean terminal) {
    Path proc = Path.of("/proc", Long.toString(main));
    try {
      Map<String, String> status = status(proc);
      List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", JOIN, "sh"));
      cgroups.forEach(file -> line.add(file.toString()));
      line.add("--");
      List<String> entering = entering(enter, main, status);
      entering.addAll(command);
      if (terminal) {
        line.addAll(
            List.of(
                "/usr/bin/script", "-q", "-e", "-f", "--echo", "always", "-c", quoted(entering)));
        line.add("/dev/null");
      } else {
        line.addAll(entering);
      }
      ProcessBuilder builder = new ProcessBuilder(line);
      builder.environment().clear();
      builder.environment().putAll(environment(proc));
      if (terminal) {
        // With this it runs the command line.
        builder.environment().put("SHELL", "/bin/sh");
        builder.environment().putIfAbsent("TERM", "xterm");
      }
      return builder;
    } catch (IOException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION, "the container's process is gone: has it ended?", e);
    }
  }

  private static List<String> entering(Path enter, long main, Map<String, String> status) {
    String groups = status.getOrDefault("Groups", "").strip().replaceAll("\\s+", ",");
    return new ArrayList<>(
        List.of(
            enter.toString(),
            Long.toString(main),
            first(status, "Uid"),
            first(status, "Gid"),
            groups.isEmpty() ? "-" : groups,
            first(status, "CapBnd"),
            first(status, "NoNewPrivs"),
            first(status, "Seccomp")));
  }

  private static String first(Map<String, String> status, String name) {
    return status.getOrDefault(name, "0").strip().split("\\s+", 2)[0];
  }

  private static Map<String, String> status(Path proc) throws IOException {
    Map<String, String> status = new HashMap<>();
    for (String line : Files.readAllLines(proc.resolve("status"))) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        status.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return status;
  }

  private static Map<String, String> environment(Path proc) throws IOException {
    Map<String, String> environment = new HashMap<>();
    String text = new String(Files.readAllBytes(proc.resolve("environ")), StandardCharsets.UTF_8);
    for (String variable : text.split("\0", -1)) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return environment;
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" ", "exec ", ""));
  }
}
