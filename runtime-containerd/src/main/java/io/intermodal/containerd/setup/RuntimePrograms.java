package io.intermodal.containerd.setup;

import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.NodeFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs that containerd starts containers with. */
final class RuntimePrograms {
  private static final String SHIM = "containerd-shim-runc-v2";

  private RuntimePrograms() {}

  /** containerd looks for its shims on the PATH and beside itself. */
  static List<Finding> missing(Path containerd, NodeFiles files) {
    List<Finding> missing = new ArrayList<>();
    if (files.program("runc").isEmpty()) {
      missing.add(finding("runc", "apt-get install runc"));
    }
    if (files.program(SHIM).isEmpty() && !files.executable(containerd.resolveSibling(SHIM))) {
      missing.add(
          finding(SHIM, "install containerd anew (apt-get install --reinstall containerd)"));
    }
    return missing;
  }

  private static Finding finding(String program, String mend) {
    return new Finding(
        Finding.Severity.BROKEN,
        program,
        "it is not installed, so containerd starts no container",
        mend);
  }
}
