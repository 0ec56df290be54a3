package io.intermodal.tests.engine;

import io.intermodal.tests.host.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * rkt's program, or a wrapper that enters the mount namespace which rkt's processes share.
 *
 * @param rkt {@code …/rkt}; its stage1 is where it was built to look for it
 */
record RktProgram(Path rkt) {
  private static final Pattern VERSION = Pattern.compile("rkt Version: (\\S+)");

  /** {@code -Dintermodal.tests.rkt}, else on the PATH; empty when it is nowhere. */
  static Optional<RktProgram> find() {
    String given = System.getProperty("intermodal.tests.rkt", "");
    Stream<Path> places =
        given.isEmpty()
            ? Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "rkt"))
            : Stream.of(Path.of(given));
    return places.filter(Files::isExecutable).findFirst().map(RktProgram::new);
  }

  /** {@code 1.30.0}. */
  String version() {
    String output = Command.output(rkt.toString(), "version");
    Matcher matcher = VERSION.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(rkt + " version says " + output);
    }
    return matcher.group(1);
  }

  /** How it is called with pods, images and settings of its own, as the server is told. */
  String command(Path folder) {
    return String.join(
        " ",
        rkt.toString(),
        "--dir=" + folder.resolve("data"),
        "--local-config=" + folder.resolve("local"),
        "--system-config=" + folder.resolve("system"));
  }
}
