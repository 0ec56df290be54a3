package io.intermodal.server.serve;

import io.intermodal.runtime.node.ContainerLogs;
import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.node.PodNetwork;
import io.intermodal.runtime.node.SandboxImage;
import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.runtime.node.StreamingServer;
import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.PodStatistics;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Settings;
import io.intermodal.server.logs.CriLogs;
import io.intermodal.server.monitoring.Measurements;
import io.intermodal.server.network.CniPodNetwork;
import io.intermodal.server.network.NetworkSettings;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.network.cni.PluginTimes;
import io.intermodal.server.node.BoundNamespaces;
import io.intermodal.server.node.FileStateDirectory;
import io.intermodal.server.node.HostFacts;
import io.intermodal.server.node.OverlayFolders;
import io.intermodal.server.node.StateLock;
import io.intermodal.server.pause.PauseImage;
import io.intermodal.server.stats.KernelStatistics;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.hierarchy.Hierarchies;
import io.intermodal.server.stats.folder.WalkedFolders;
import io.intermodal.server.stats.metrics.PodMetrics;
import io.intermodal.server.stats.network.NetworkReader;
import io.intermodal.server.streaming.HttpStreamingServer;
import io.intermodal.server.streaming.StreamingSettings;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Builds what this node lends to an engine, from the configuration: the one place that knows which
 * class does what.
 */
final class Node implements AutoCloseable {
  private final Configuration configuration;
  private final Transport transport;
  private final Optional<Measurements> measurements;
  private final Deque<Runnable> started = new ArrayDeque<>();
  private final Deque<HttpStreamingServer> streamingServers = new ArrayDeque<>();

  private Node(
      Configuration configuration, Transport transport, Optional<Measurements> measurements) {
    this.measurements = measurements;
    this.configuration = configuration;
    this.transport = transport;
  }

  /**
   * Takes the state directory for this server alone.
   *
   * @param measurements of what is lent, if anything is to be measured
   * @throws IOException when another server has it
   */
  static Node start(
      Configuration configuration, Transport transport, Optional<Measurements> measurements)
      throws IOException {
    Node node = new Node(configuration, transport, measurements);
    StateLock lock = StateLock.take(configuration.get(Settings.STATE_DIR));
    node.started.push(lock::close);
    return node;
  }

  /**
   * The services for one engine: what they remember is apart from every other engine's.
   *
   * @throws UncheckedIOException when one of them does not start
   */
  NodeServices lentTo(String engine) {
    try {
      return services(engine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NodeServices services(String engine) throws IOException {
    StateDirectory state = stateDirectory().within(engine);
    WalkedFolders folders = WalkedFolders.start(Clock.systemUTC());
    started.push(folders::close);
    Host host = host();
    Path own = configuration.get(Settings.STATE_DIR).toAbsolutePath().resolve(engine);
    return new NodeServices(
        network(state),
        logs(state),
        streaming(),
        statistics(host, folders),
        folders,
        new OverlayFolders(own.resolve("merged")),
        new BoundNamespaces(Path.of("/run/netns"), "intermodal-" + engine + "-"),
        state,
        own.resolve("work"),
        host,
        sandboxImage(),
        Clock.systemUTC());
  }

  /** Where it is kept what was last on an engine. */
  StateDirectory contentOf(String engine) {
    return stateDirectory().within(engine).within("content");
  }

  /** Ends the sessions of clients: what they started on an engine ends while it can be asked. */
  void endSessions() {
    while (!streamingServers.isEmpty()) {
      streamingServers.pop().close();
    }
  }

  /** Stops what was started, the last first. */
  @Override
  public void close() {
    endSessions();
    while (!started.isEmpty()) {
      started.pop().run();
    }
  }

  /** Below {@link Settings#STATE_DIR}. */
  private StateDirectory stateDirectory() {
    return new FileStateDirectory(configuration.get(Settings.STATE_DIR));
  }

  /** Of {@link Settings#CNI_CONF_DIR} and {@link Settings#CNI_BIN_DIR}; its journal is in state. */
  private PodNetwork network(StateDirectory state) throws IOException {
    CniPodNetwork network =
        CniPodNetwork.open(
            NetworkSettings.of(
                configuration.get(Settings.CNI_CONF_DIR),
                new PluginDirectories(configuration.get(Settings.CNI_BIN_DIR))),
            state.within("network"),
            measurements.isPresent() ? measurements.get() : PluginTimes.NONE);
    started.push(network::close);
    return network;
  }

  /** Positions are kept in state. */
  private ContainerLogs logs(StateDirectory state) {
    CriLogs logs = new CriLogs(state.within("logs"));
    started.push(logs::close);
    if (measurements.isPresent()) {
      measurements.get().readLogs(logs);
    }
    return logs;
  }

  private StreamingServer streaming() throws IOException {
    HttpStreamingServer streaming =
        HttpStreamingServer.start(
            new StreamingSettings(
                configuration.get(Settings.STREAM_ADDRESS),
                tlsFiles(),
                configuration.get(Settings.STREAM_IDLE_TIMEOUT),
                configuration.get(Settings.STREAM_CREATION_TIMEOUT)),
            transport);
    streamingServers.push(streaming);
    if (measurements.isPresent()) {
      measurements.get().readSessions(streaming.counts());
    }
    return streaming;
  }

  private Optional<StreamingSettings.TlsFiles> tlsFiles() throws IOException {
    Optional<Path> certificate = configuration.get(Settings.STREAM_TLS_CERT);
    Optional<Path> key = configuration.get(Settings.STREAM_TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new IOException(
          "--stream-tls-cert and --stream-tls-key: one of them is missing (expected: both or"
              + " none)");
    }
    return certificate.flatMap(c -> key.map(k -> new StreamingSettings.TlsFiles(c, k)));
  }

  private PodStatistics statistics(Host host, FolderSizes folders) {
    Path proc = Path.of("/proc");
    CgroupReader cgroups =
        Hierarchies.reader(host.cgroups(), Path.of("/sys/fs/cgroup"), proc, Clock.systemUTC());
    started.push(cgroups::close);
    NetworkReader networks = new NetworkReader(proc, Clock.systemUTC());
    PodMetrics metrics = new PodMetrics(cgroups, networks, folders, proc, Path.of("/sys"));
    return new KernelStatistics(cgroups, networks, folders, metrics);
  }

  private static Host host() throws IOException {
    return HostFacts.ofThisHost().find();
  }

  /** {@link Settings#PAUSE_IMAGE}, or the one that we bring along. */
  private SandboxImage sandboxImage() {
    return configuration
        .get(Settings.PAUSE_IMAGE)
        .map(reference -> new SandboxImage(reference, Optional.empty()))
        .orElseGet(() -> PauseImage.load().sandboxImage());
  }
}
