package io.intermodal.tests.engine;

import io.intermodal.tests.host.Command;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Docker's programs, installed or unpacked beside.
 *
 * @param dockerd {@code …/usr/sbin/dockerd}; its own containerd is in {@code …/usr/bin}
 */
record DockerProgram(Path dockerd) {
  private static final Pattern VERSION = Pattern.compile("version ([0-9.]+)");

  /** The PATH with which dockerd finds its own containerd before the host's. */
  String searchPath() {
    Path folder = dockerd.toAbsolutePath().normalize().getParent();
    return folder + ":" + folder + "/../bin:/usr/sbin:/usr/bin:/sbin:/bin";
  }

  /** {@code 20.10.24}. */
  String version() {
    String output = Command.output(dockerd.toString(), "--version");
    Matcher matcher = VERSION.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(dockerd + " --version says " + output);
    }
    return matcher.group(1);
  }
}
