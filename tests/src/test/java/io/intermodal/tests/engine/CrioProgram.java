package io.intermodal.tests.engine;

import io.intermodal.tests.host.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * CRI-O's program, on the PATH or unpacked beside.
 *
 * @param crio {@code …/crio}; its {@code pinns} is in the same folder or on the PATH
 * @param runtime the OCI runtime that it is to use
 */
record CrioProgram(Path crio, Path runtime) {
  private static final Pattern VERSION = Pattern.compile("version:? +(\\d+\\.\\d+\\.\\d+)");

  /** {@code -Dintermodal.tests.crio}, else on the PATH; empty when it is nowhere. */
  static Optional<CrioProgram> find() {
    Path runtime = Path.of(System.getProperty("intermodal.tests.crio.runtime", "/usr/sbin/runc"));
    String given = System.getProperty("intermodal.tests.crio", "");
    Stream<Path> places =
        given.isEmpty()
            ? Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "crio"))
            : Stream.of(Path.of(given));
    return places
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new CrioProgram(program, runtime));
  }

  /** The PATH with which it finds its own programs before the host's. */
  String searchPath() {
    return crio.toAbsolutePath().normalize().getParent()
        + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  }

  /** {@code 1.36.3}. */
  String version() {
    String output = Command.output(crio.toString(), "--version");
    Matcher matcher = VERSION.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(crio + " --version says " + output);
    }
    return matcher.group(1);
  }
}
