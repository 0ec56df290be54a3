package io.intermodal.server.command.node;

import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.command.Subcommand.Invocation;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.config.Source;
import io.intermodal.server.forward.SocketInquiry;
import io.intermodal.server.logging.Logging;
import io.intermodal.server.node.FileStateDirectory;
import io.intermodal.server.node.HostFacts;
import io.intermodal.server.node.StateLock;
import io.intermodal.server.setup.NodeInHand;
import io.intermodal.server.setup.change.Machine;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.host.HostNetwork;
import io.intermodal.server.setup.host.KernelSettings;
import io.intermodal.server.setup.host.Programs;
import io.intermodal.server.setup.journal.Journal;
import io.intermodal.server.setup.plan.NodeOptions;
import io.intermodal.server.setup.plan.NodePlanner;
import io.intermodal.server.setup.service.Services;
import io.intermodal.server.setup.service.SupervisedServices;
import io.intermodal.server.setup.service.SystemdServices;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** This machine, held for one command: two at once would undo each other's work. */
final class NodeAccess implements AutoCloseable {
  /** How the program is called; whoever starts it says so. */
  private static final String PROGRAM = "INTERMODAL_PROGRAM";

  /** The settings that matter to a node's set-up. */
  static final List<Setting<?>> SETTINGS =
      List.of(
          Settings.CONFIG,
          Settings.CONTAINER_RUNTIME,
          Settings.LISTEN,
          Settings.DOCKER_ENDPOINT,
          Settings.CONTAINERD_ENDPOINT,
          Settings.CRIO_ENDPOINT,
          Settings.RKT_COMMAND,
          Settings.STATE_DIR,
          Settings.CNI_CONF_DIR,
          Settings.CNI_BIN_DIR,
          Settings.PAUSE_IMAGE,
          Settings.STREAM_ADDRESS,
          Settings.METRICS_ADDRESS);

  private final StateLock lock;
  private final Transport transport;
  private final NodeInHand node;

  private NodeAccess(StateLock lock, Transport transport, NodeInHand node) {
    this.lock = lock;
    this.transport = transport;
    this.node = node;
  }

  /**
   * Takes this machine in hand.
   *
   * @throws SetupException when this is not root, or it is not known how the program is called
   * @throws IOException when another command has it, or what was changed cannot be read
   */
  static NodeAccess open(Invocation invocation) throws SetupException, IOException {
    Logging.start("error", "text", invocation.err());
    Path self = Path.of("/proc/self");
    if (!Integer.valueOf(0)
        .equals(Files.getAttribute(self, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
      throw new SetupException("a node is set up by root: try again with sudo");
    }
    String program = invocation.environment().getOrDefault(PROGRAM, "");
    if (program.isEmpty()) {
      throw new SetupException(
          "it is not known how this program is started again: start it by bin/intermodal, or set %s to its path"
              .formatted(PROGRAM));
    }
    Configuration configuration = invocation.configuration();
    Path state = configuration.get(Settings.STATE_DIR).resolve("node");
    StateLock lock;
    try {
      lock = StateLock.take(state);
    } catch (IOException e) {
      throw new IOException(
          "the node cannot be taken in hand: %s (another \"intermodal node\" may be at work)"
              .formatted(e.getMessage()),
          e);
    }
    Transport transport = Transport.best();
    try {
      return new NodeAccess(
          lock, transport, node(configuration, Path.of(program), state, transport));
    } catch (IOException | RuntimeException e) {
      transport.close();
      lock.close();
      throw e;
    }
  }

  private static NodeInHand node(
      Configuration configuration, Path program, Path state, Transport transport)
      throws IOException {
    Programs programs = Programs.ofThisHost();
    HostFiles files = new HostFiles(Path.of("/"), programs);
    boolean systemd = SystemdServices.inCharge();
    Services services =
        systemd
            ? new SystemdServices(programs)
            : new SupervisedServices(Path.of("/run/intermodal/services"), state.resolve("logs"));
    Machine machine =
        new Machine(
            files,
            new KernelSettings(Path.of("/proc/sys"), programs),
            new HostNetwork(Path.of("/proc/net/dev"), files, programs),
            services);
    FileStateDirectory directory = new FileStateDirectory(state);
    Journal journal = Journal.open(directory);
    SocketInquiry sockets = new SocketInquiry(transport);
    NodePlanner planner =
        new NodePlanner(
            configuration,
            files,
            journal,
            sockets,
            program,
            systemd,
            HostFacts.ofThisHost().find());
    return new NodeInHand(
        machine, directory, journal, planner, Settings.engines(), configuration, sockets);
  }

  NodeInHand node() {
    return node;
  }

  @Override
  public void close() {
    transport.close();
    lock.close();
  }

  /** Adds the options with which a node is described. */
  static void describe(CommandSpec spec) {
    option(
        spec,
        NodeOptions.CGROUP_DRIVER,
        "DRIVER",
        "systemd, cgroupfs, or auto: systemd where it runs. Default: auto.");
    option(
        spec,
        NodeOptions.NETWORK,
        "WHICH",
        "auto keeps CNI networks that are there; own moves them aside. Default: auto.");
    option(
        spec,
        NodeOptions.POD_CIDR,
        "RANGE",
        "The pods' addresses: one range, or one of each family. Default: a free one.");
    option(
        spec,
        NodeOptions.CLUSTER_DNS,
        "ADDRESS",
        "A DNS server of the cluster; may be given again.");
    option(spec, NodeOptions.CLUSTER_DOMAIN, "DOMAIN", "The cluster's domain.");
    option(
        spec,
        NodeOptions.REGISTRY_MIRROR,
        "HOST=URL",
        "A mirror that is asked before the registry; may be given again.");
    option(
        spec,
        NodeOptions.INSECURE_REGISTRY,
        "HOST",
        "A registry without TLS, or with a certificate that nobody vouches for; may be given again.");
    option(
        spec,
        NodeOptions.REGISTRY_CA,
        "HOST=FILE",
        "Who vouches for a registry's certificate, in PEM; may be given again.");
  }

  private static void option(CommandSpec spec, String name, String label, String description) {
    spec.addOption(
        OptionSpec.builder("--" + name)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel(label)
            .description(description)
            .build());
  }

  /** What was asked for. An engine that stands in the file of settings is none of it. */
  static NodeOptions options(Invocation invocation) {
    Map<String, List<String>> given = new LinkedHashMap<>();
    for (String name : NodeOptions.NAMES) {
      if (invocation.options().hasMatchedOption("--" + name) && !name.equals(NodeOptions.ENGINES)) {
        List<String> none = List.of();
        given.put(
            name, new ArrayList<>(invocation.options().matchedOptionValue("--" + name, none)));
      }
    }
    engines(invocation).ifPresent(engines -> given.put(NodeOptions.ENGINES, engines));
    return new NodeOptions(given);
  }

  /** The engines that were asked for; empty when none were, or {@code auto}. */
  static Optional<List<String>> engines(Invocation invocation) {
    Configuration configuration = invocation.configuration();
    Source source = configuration.value(Settings.CONTAINER_RUNTIME).source();
    List<String> engines = configuration.get(Settings.CONTAINER_RUNTIME);
    boolean asked = source instanceof Source.Flag || source instanceof Source.Environment;
    return asked && !engines.equals(List.of(Settings.AUTO))
        ? Optional.of(engines)
        : Optional.empty();
  }
}
