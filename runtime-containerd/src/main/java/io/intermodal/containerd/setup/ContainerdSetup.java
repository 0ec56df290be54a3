package io.intermodal.containerd.setup;

import io.intermodal.containerd.config.ConfigSource;
import io.intermodal.containerd.config.ContainerdConfig;
import io.intermodal.containerd.config.SwitchedOff;
import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.EnginePlan;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeSetup;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a node is set up for containerd 1.4 and later. */
public final class ContainerdSetup implements NodeSetup {
  private static final String UNIT = "containerd.service";
  private static final String RESTART = "systemctl restart containerd";

  /** Sockets, and those of the shims. */
  private final Path main;

  private final List<Path> programs;

  /**
   * @param main its configuration
   * @param programs where it is if it is not on the PATH
   */
  public ContainerdSetup(Path main, List<Path> programs) {
    this.main = main;
    this.programs = List.copyOf(programs);
  }

  @Override
  public EnginePlan plan(NodeWishes wishes, NodeFiles files) throws SetupException {
    Path program =
        InstalledContainerd.program(files, programs)
            .orElseThrow(() ->
                new SetupException(
                    "containerd is not installed: install it (apt-get install containerd)"));
    InstalledContainerd installed = InstalledContainerd.of(program, files);
    EditedConfig config = EditedConfig.of(installed, main, read(files));
    for (Difference difference : CriSettings.differences(config, installed, wishes, files)) {
      config.set(difference.key(), difference.value(), difference.reason());
    }
    List<WantedFile> hosts = new RegistryHosts(config, installed, wishes, files).wanted();
    List<WantedFile> wanted = new ArrayList<>(config.wanted());
    wanted.addAll(hosts);
    return new EnginePlan(
        wanted, Optional.of(new Daemon(UNIT, List.of(program.toString()))), Leavings.NONE);
  }

  private ContainerdConfig read(NodeFiles files) throws SetupException {
    try {
      return ContainerdConfig.read(main, source(files));
    } catch (IOException e) {
      throw new SetupException(
          "%s: mend it, or move the file away; containerd does not start with it either"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static ConfigSource source(NodeFiles files) {
    return new ConfigSource() {
      @Override
      public Optional<String> read(Path file) throws IOException {
        return files.read(file);
      }

      @Override
      public List<String> names(Path folder) throws IOException {
        return files.names(folder);
      }
    };
  }

  @Override
  public List<Finding> examine(NodeWishes wishes, NodeFiles files) {
    Optional<Path> program = InstalledContainerd.program(files, programs);
    if (program.isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>(RuntimePrograms.missing(program.get(), files));
    try {
      InstalledContainerd installed = InstalledContainerd.of(program.get(), files);
      ContainerdConfig found = read(files);
      found.switchedOff().forEach(line -> findings.add(switchedOff(line)));
      EditedConfig config = EditedConfig.of(installed, main, found);
      for (Difference difference : CriSettings.differences(config, installed, wishes, files)) {
        difference
            .severity()
            .ifPresent(severity -> findings.add(finding(difference, severity, config)));
      }
      if (installed.knowsRegistryFolders()) {
        RegistryHosts.oldForm(config).ifPresent(key -> findings.add(oldForm(key, config)));
      }
    } catch (SetupException e) {
      findings.add(broken(e));
    }
    return findings;
  }

  private static Finding switchedOff(SwitchedOff line) {
    return new Finding(
        Finding.Severity.BROKEN,
        line.file().toString(),
        line.quoted() + ", so containerd serves no CRI",
        "take %s out of it, then %s".formatted(String.join(" and ", line.criPlugins()), RESTART));
  }

  private static Finding finding(
      Difference difference, Finding.Severity severity, EditedConfig config) {
    return new Finding(
        severity,
        config.place(difference.key()),
        difference.reason(),
        "%s, then %s".formatted(difference.line(), RESTART));
  }

  private static Finding oldForm(List<String> key, EditedConfig config) {
    boolean both = !config.text(config.keys().registry("config_path")).isEmpty();
    return new Finding(
        both ? Finding.Severity.BROKEN : Finding.Severity.DOUBTFUL,
        config.place(key),
        both
            ? "registry.%s and config_path exclude each other, so CRI does not load"
                .formatted(key.getLast())
            : "registry.%s is deprecated, and no hosts.toml counts beside it"
                .formatted(key.getLast()),
        "write it as /etc/containerd/certs.d/HOST/hosts.toml, take the section out, then "
            + RESTART);
  }

  /** The message of such an exception ends with the mend, behind its last colon. */
  private Finding broken(SetupException e) {
    String message = String.valueOf(e.getMessage());
    int mend = message.lastIndexOf(": ");
    return new Finding(
        Finding.Severity.BROKEN,
        main.toString(),
        mend < 0 ? message : message.substring(0, mend),
        mend < 0 ? "mend it, then " + RESTART : message.substring(mend + 2));
  }
}
