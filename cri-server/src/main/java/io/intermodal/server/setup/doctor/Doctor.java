package io.intermodal.server.setup.doctor;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Finding.Severity;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.config.Settings;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.setup.NodeInHand;
import io.intermodal.server.setup.host.Programs;
import io.intermodal.server.setup.journal.Entry;
import io.intermodal.server.setup.journal.Entry.ChangedFile;
import io.intermodal.server.setup.plan.NodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds what is wrong with the node. Changes nothing. */
public final class Doctor {
  private static final List<Path> LARGE_FOLDERS =
      List.of(
          Path.of("/var/lib/docker"),
          Path.of("/var/lib/containerd"),
          Path.of("/var/lib/containers"),
          Path.of("/var/lib/kubelet"),
          Path.of("/var/log"));

  private final NodeInHand node;
  private final Host host;
  private final Programs programs;

  public Doctor(NodeInHand node, Host host, Programs programs) {
    this.node = node;
    this.host = host;
    this.programs = programs;
  }

  /** The worst first. */
  public List<Finding> findings() throws SetupException, IOException {
    List<Finding> findings = new ArrayList<>();
    NodeOptions options = node.optionsOrNone();
    NodeWishes wishes = node.planner().wishes(options);
    for (ContainerEngine engine : node.engines()) {
      findings.addAll(examine(engine, options.engines().contains(engine.name()), wishes));
    }
    findings.addAll(new HostExamination(host, Path.of("/proc"), LARGE_FOLDERS).findings());
    findings.addAll(
        new NetworkExamination(
                node.configuration().get(Settings.CNI_CONF_DIR),
                new PluginDirectories(node.configuration().get(Settings.CNI_BIN_DIR)),
                node.machine().files(),
                node.machine().kernel(),
                programs)
            .findings());
    findings.addAll(changedByOthers());
    findings.sort((one, other) -> one.severity().compareTo(other.severity()));
    return findings;
  }

  private List<Finding> examine(ContainerEngine engine, boolean wanted, NodeWishes wishes) {
    Probe probe = engine.probe(node.config(engine), node.sockets());
    List<Finding> findings = new ArrayList<>();
    boolean answersWrongly = probe.state() == Probe.State.UNSUPPORTED;
    if (answersWrongly || (wanted && probe.state() != Probe.State.RUNNING)) {
      findings.add(
          new Finding(
              wanted ? Severity.BROKEN : Severity.DOUBTFUL,
              engine.name(),
              probe.detail(),
              wanted ? "intermodal node up" : "only if it is to be used: as it says"));
    }
    try {
      findings.addAll(engine.nodeSetup().examine(wishes, node.machine().files()));
    } catch (CriException e) {
      // This build serves the engine, but does not set it up: nothing can be said of its files.
      return findings;
    }
    return findings;
  }

  /** Files that are not what we have made them. */
  private List<Finding> changedByOthers() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (Entry entry : node.journal().entries()) {
      if (entry instanceof ChangedFile file
          && !file.isAsWritten(node.machine().files().state(file.path()))) {
        findings.add(
            new Finding(
                Severity.DOUBTFUL,
                file.path().toString(),
                "it was changed since the node was set up",
                "\"intermodal node plan\" says what that means, \"intermodal node up\" sets it anew"));
      }
    }
    return findings;
  }
}
