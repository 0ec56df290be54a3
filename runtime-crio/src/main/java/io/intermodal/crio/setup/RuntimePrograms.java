package io.intermodal.crio.setup;

import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.NodeFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs that CRI-O starts containers with: an OCI runtime and conmon. */
record RuntimePrograms(ConfigFolder config, NodeFiles files) {
  /** CRI-O 1.31 and later have crun as their default, earlier ones runc. */
  private static final List<String> DEFAULTS = List.of("crun", "runc");

  List<Finding> missing() {
    List<Finding> missing = new ArrayList<>();
    String named = config.text("crio", "runtime", "default_runtime");
    List<String> runtimes = named.isEmpty() ? DEFAULTS : List.of(named);
    if (runtimes.stream().noneMatch(this::isThere)) {
      missing.add(
          finding(
              String.join(" or ", runtimes),
              "install %s, or name another as default_runtime below [crio.runtime]"
                  .formatted(String.join(" or ", runtimes))));
    }
    boolean monitored = runtimes.stream().anyMatch(this::isMonitored);
    if (!monitored) {
      missing.add(finding("conmon", "install conmon (apt-get install conmon)"));
    }
    return missing;
  }

  private boolean isThere(String runtime) {
    String type = config.text("crio", "runtime", "runtimes", runtime, "runtime_type");
    return found(config.text("crio", "runtime", "runtimes", runtime, "runtime_path"), runtime)
        || type.equals("vm");
  }

  private boolean isMonitored(String runtime) {
    String common = config.text("crio", "runtime", "conmon");
    return found(
            common.isEmpty()
                ? config.text("crio", "runtime", "runtimes", runtime, "monitor_path")
                : common,
            "conmon")
        || Optional.of(config.text("crio", "runtime", "runtimes", runtime, "runtime_type"))
            .filter("vm"::equals)
            .isPresent();
  }

  /** A path counts as it is; without one the name is looked for on the PATH. */
  private boolean found(String path, String name) {
    return path.isEmpty() ? files.program(name).isPresent() : files.executable(Path.of(path));
  }

  private static Finding finding(String program, String mend) {
    return new Finding(
        Finding.Severity.BROKEN,
        program,
        "it is not installed, so CRI-O starts no container",
        mend);
  }
}
