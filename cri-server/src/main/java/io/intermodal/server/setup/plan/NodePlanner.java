package io.intermodal.server.setup.plan;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Settings;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.network.defaults.DefaultNetwork;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Works out how a node must be. Changes nothing. */
public final class NodePlanner {
  /** The name of this server among the services. */
  public static final String SERVER = "intermodal";

  /** The engine whose daemon makes the packet filter drop what it does not know. */
  private static final String DROPS_PACKETS = "docker";

  /** Where oom scores are lowered to for pods that must live; a host may forbid it. */
  private static final int LOWEST_SCORE_OF_PODS = -998;

  private final Configuration configuration;
  private final HostFiles files;
  private final Journal journal;
  private final CriSockets sockets;
  private final Path program;
  private final boolean systemd;
  private final Host host;

  /**
   * @param configuration the settings, with what was typed
   * @param sockets asks engines whether they answer
   * @param program how this program is called
   * @param systemd whether systemd is in charge
   * @param host what this host is and allows
   */
  public NodePlanner(
      Configuration configuration,
      HostFiles files,
      Journal journal,
      CriSockets sockets,
      Path program,
      boolean systemd,
      Host host) {
    this.configuration = configuration;
    this.files = files;
    this.journal = journal;
    this.sockets = sockets;
    this.program = program;
    this.systemd = systemd;
    this.host = host;
  }

  /**
   * A node with those engines.
   *
   * @param engines the default one first
   * @throws SetupException when it cannot be had, with the cure
   * @throws IOException when the node's files cannot be read
   */
  public WantedNode wanted(List<ContainerEngine> engines, NodeOptions options)
      throws SetupException, IOException {
    WantedNode.Builder wanted = new WantedNode.Builder();
    NodeWishes wishes = wishes(options);
    List<String> ranges = network(options).into(wanted);
    new KernelPart(!ranges.isEmpty(), ranges.stream().anyMatch(range -> range.contains(":")))
        .into(wanted);
    List<String> dropped =
        engines.stream().anyMatch(engine -> engine.name().equals(DROPS_PACKETS))
            ? ranges
            : List.of();
    new ForwardingPart(dropped).into(wanted);
    for (ContainerEngine engine : engines) {
      new EnginePart(engine, Settings.configOf(engine, configuration), wishes, sockets)
          .into(wanted, files);
    }
    Path socket = configuration.get(Settings.LISTEN);
    List<String> names = engines.stream().map(ContainerEngine::name).toList();
    new ServerPart(
            program,
            configuration,
            names,
            systemd,
            ForwardingPart.rules(dropped),
            new ServerReadiness(socket, names))
        .into(wanted, files);
    callers(options, wishes).into(wanted, files);
    return wanted.build();
  }

  /** A file for {@code kubeadm init --config} with the same settings. */
  public String kubeadm(NodeOptions options) throws SetupException, IOException {
    List<String> ranges = network(options).into(new WantedNode.Builder());
    return callers(options, wishes(options)).kubeadm(ranges, files);
  }

  private CallersPart callers(NodeOptions options, NodeWishes wishes) {
    return new CallersPart(
        "unix://" + configuration.get(Settings.LISTEN),
        wishes.cgroupDriver(),
        host.cgroups(),
        options.clusterDns(),
        options.clusterDomain());
  }

  /** How the node is meant to be, for an engine. */
  public NodeWishes wishes(NodeOptions options) throws SetupException {
    return new NodeWishes(
        options.cgroupDriver().orElse(systemd ? CgroupDriver.SYSTEMD : CgroupDriver.CGROUPFS),
        configuration.get(Settings.PAUSE_IMAGE),
        configuration.get(Settings.CNI_CONF_DIR),
        configuration.get(Settings.CNI_BIN_DIR),
        options.registries(),
        host.lowestOomScoreAdj() > LOWEST_SCORE_OF_PODS);
  }

  private NetworkPart network(NodeOptions options) throws SetupException {
    return new NetworkPart(
        configuration.get(Settings.CNI_CONF_DIR),
        options.ownNetwork(),
        options.podRanges(),
        files,
        journal,
        new DefaultNetwork(new PluginDirectories(configuration.get(Settings.CNI_BIN_DIR))));
  }
}
