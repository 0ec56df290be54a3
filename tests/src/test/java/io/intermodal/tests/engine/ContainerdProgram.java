package io.intermodal.tests.engine;

import io.intermodal.tests.host.Command;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * containerd's programs, installed or unpacked beside.
 *
 * @param containerd {@code …/usr/bin/containerd}; its shims are in the same folder
 */
record ContainerdProgram(Path containerd) {
  private static final Pattern VERSION = Pattern.compile(" v?(\\d+\\.\\d+\\.\\d+)");

  /** The PATH with which it finds its own shims before the host's. */
  String searchPath() {
    return containerd.toAbsolutePath().normalize().getParent() + ":/usr/sbin:/usr/bin:/sbin:/bin";
  }

  /** {@code 1.6.20}. */
  String version() {
    String output = Command.output(containerd.toString(), "--version");
    Matcher matcher = VERSION.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(containerd + " --version says " + output);
    }
    return matcher.group(1);
  }
}
