package io.intermodal.crio.setup;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.EnginePlan;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Finding.Severity;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeSetup;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a node is set up for CRI-O 1.25 and later. */
public final class CrioSetup implements NodeSetup {
  private static final String UNIT = "crio.service";
  private static final String RESTART = "systemctl restart crio";

  /** Its host ports' chains in the nat table (internal/hostport), kept when it ends. */
  private static final List<String> CHAINS = List.of("KUBE-HOSTPORTS", "KUBE-HP-", "CRIO-");

  private static final List<String> CGROUP_MANAGER = List.of("crio", "runtime", "cgroup_manager");
  private static final List<String> CONMON_CGROUP = List.of("crio", "runtime", "conmon_cgroup");

  /** Of {@code [crio.image]}; registries.conf is where they belong. */
  private static final List<String> OLD_REGISTRY_KEYS =
      List.of("insecure_registries", "registries");

  private final Path main;
  private final Path dropIns;
  private final List<Path> programs;

  /**
   * @param main its main file
   * @param dropIns the folder whose files are read after it
   * @param programs where it is if it is not on the PATH
   */
  public CrioSetup(Path main, Path dropIns, List<Path> programs) {
    this.main = main;
    this.dropIns = dropIns;
    this.programs = List.copyOf(programs);
  }

  @Override
  public EnginePlan plan(NodeWishes wishes, NodeFiles files) throws SetupException {
    Path program =
        program(files)
            .orElseThrow(() ->
                new SetupException(
                    "CRI-O is not installed: install it (packages: https://cri-o.io)"));
    ConfigFolder present = ConfigFolder.ofCrio(main, dropIns, files);
    Path ours = dropIns.resolve(DropIn.NAME);
    DropIn dropIn = DropIn.of(wishes);
    dropIn.refuseContradiction(present.after(ours));
    List<WantedFile> wanted = new ArrayList<>();
    wanted.add(new WantedFile(ours, dropIn.content(), dropIn.reason(present, ours)));
    wanted.addAll(new RegistriesConf(wishes).wanted(files));
    return new EnginePlan(
        wanted,
        Optional.of(new Daemon(UNIT, List.of(program.toString()))),
        new Leavings(List.of(), CHAINS, List.of()));
  }

  private Optional<Path> program(NodeFiles files) {
    return files.program("crio").or(() -> programs.stream().filter(files::executable).findFirst());
  }

  @Override
  public List<Finding> examine(NodeWishes wishes, NodeFiles files) {
    if (program(files).isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    try {
      ConfigFolder config = ConfigFolder.ofCrio(main, dropIns, files);
      findings.addAll(new RuntimePrograms(config, files).missing());
      cgroupDriver(wishes, config).ifPresent(findings::add);
      monitorsCgroup(config).ifPresent(findings::add);
      for (String key : OLD_REGISTRY_KEYS) {
        oldRegistryKey(key, config).ifPresent(findings::add);
      }
    } catch (SetupException e) {
      findings.add(broken(e));
    }
    if (wishes.clampOomScores()) {
      findings.add(oomScores());
    }
    return findings;
  }

  /** CRI-O's default is systemd, since 1.18. */
  private Optional<Finding> cgroupDriver(NodeWishes wishes, ConfigFolder config) {
    String wished = wishes.cgroupDriver() == CgroupDriver.CGROUPFS ? "cgroupfs" : "systemd";
    String said = config.get(CGROUP_MANAGER).map(Object::toString).orElse("systemd");
    return said.equals(wished)
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Severity.DOUBTFUL,
                place(config, CGROUP_MANAGER),
                "Kubernetes and CRI-O must use the same cgroup driver",
                "cgroup_manager = \"%s\" and conmon_cgroup = \"pod\" below [crio.runtime], then %s"
                    .formatted(wished, RESTART)));
  }

  private Optional<Finding> monitorsCgroup(ConfigFolder config) {
    boolean cgroupfs = config.get(CGROUP_MANAGER).filter("cgroupfs"::equals).isPresent();
    String said = config.get(CONMON_CGROUP).map(Object::toString).orElse("");
    return !cgroupfs || said.isEmpty() || said.equals("pod")
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Severity.BROKEN,
                place(config, CONMON_CGROUP),
                "conmon_cgroup = \"%s\" is not allowed beside cgroupfs, so CRI-O does not start"
                    .formatted(said),
                "conmon_cgroup = \"pod\" below [crio.runtime], then " + RESTART));
  }

  private Optional<Finding> oldRegistryKey(String key, ConfigFolder config) {
    List<String> path = List.of("crio", "image", key);
    return config.get(path).isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Severity.DOUBTFUL,
                place(config, path),
                key + " is deprecated, and no longer counts in later versions of CRI-O",
                "write it as [[registry]] in /etc/containers/registries.conf.d/, then " + RESTART));
  }

  private Finding oomScores() {
    return new Finding(
        Severity.DOUBTFUL,
        main.toString(),
        "this host forbids to lower oom_score_adj, which CRI-O asks for with the sandboxes that"
            + " have a container of their own and with critical pods: they do not start",
        "give this host CAP_SYS_RESOURCE, or CRI-O a runtime_path that leads to a runtime which"
            + " takes negative scores out; CRI-O itself has no switch for it");
  }

  private String place(ConfigFolder config, List<String> key) {
    return config.last(key).map(file -> file.place(key)).orElse(main.toString());
  }

  /** The message of such an exception ends with the mend, behind its last colon. */
  private Finding broken(SetupException e) {
    String message = String.valueOf(e.getMessage());
    int mend = message.lastIndexOf(": ");
    return new Finding(
        Severity.BROKEN,
        main.toString(),
        mend < 0 ? message : message.substring(0, mend),
        mend < 0 ? "mend it, then " + RESTART : message.substring(mend + 2));
  }
}
