package io.intermodal.tests.engine;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A CRI socket and what is known about the machinery behind it. Behind a socket that was given from
 * outside nothing is known: tests that need to look there are skipped.
 */
public final class Node implements AutoCloseable {
  private static final int RUNS = 3;

  /** A configured runtime handler that means containerd. */
  public static final String HANDLER_OF_CONTAINERD = "light";

  /** A configured runtime handler that means containerd's handler {@code runc}. */
  public static final String HANDLER_INSIDE_CONTAINERD = "light-runc";

  private static final String CNI_OF_ALL_CONTAINERDS = "0.4.0";
  private static final Duration START = Duration.ofSeconds(60);
  private static final String NOT_KNOWN = "looks behind the socket, which was given from outside";

  private final Path folder;
  private final CriChannel channel;
  private final TestImages images;
  private final Parts parts;
  private final Queue<CriChannel> oldChannels = new ConcurrentLinkedQueue<>();

  /** What is behind the socket; in the order in which it is started. */
  private record Parts(
      Optional<DockerDaemon> docker,
      Optional<RecordingProxy> proxy,
      Optional<CniNetwork> network,
      Optional<ContainerdDaemon> containerd,
      Optional<CrioDaemon> crio,
      Optional<RktProgram> rkt,
      Optional<IntermodalServer> server) {
    static final Parts UNKNOWN =
        new Parts(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    Parts with(DockerDaemon some) {
      return new Parts(Optional.of(some), proxy, network, containerd, crio, rkt, server);
    }

    Parts with(RecordingProxy some) {
      return new Parts(docker, Optional.of(some), network, containerd, crio, rkt, server);
    }

    Parts with(CniNetwork some) {
      return new Parts(docker, proxy, Optional.of(some), containerd, crio, rkt, server);
    }

    Parts with(ContainerdDaemon some) {
      return new Parts(docker, proxy, network, Optional.of(some), crio, rkt, server);
    }

    Parts with(CrioDaemon some) {
      return new Parts(docker, proxy, network, containerd, Optional.of(some), rkt, server);
    }

    Parts with(RktProgram some) {
      return new Parts(docker, proxy, network, containerd, crio, Optional.of(some), server);
    }

    Parts with(IntermodalServer some) {
      return new Parts(docker, proxy, network, containerd, crio, rkt, Optional.of(some));
    }
  }

  private Node(Path folder, Path socket, TestImages images, Parts parts) {
    this.folder = folder;
    this.channel = new CriChannel(socket);
    this.images = images;
    this.parts = parts;
  }

  static Node atSocket(Path socket, TestImages images, Path folder) {
    return new Node(createFolder(folder), socket, images, Parts.UNKNOWN);
  }

  static Node onDocker(DockerProgram program, TestImages images, Path folder) {
    createFolder(folder);
    DockerDaemon docker = new DockerDaemon(program, folder.resolve("docker"));
    RecordingProxy proxy = RecordingProxy.start(folder.resolve("proxy.sock"), docker.socket());
    CniNetwork network = CniNetwork.create(folder.resolve("cni"));
    IntermodalServer server =
        new IntermodalServer(
            folder.resolve("server"),
            List.of(
                "--container-runtime=docker",
                "--docker-endpoint=unix://" + proxy.socket(),
                "--cni-conf-dir=" + network.folder()));
    return served(
        folder, images, server, Parts.UNKNOWN.with(docker).with(proxy).with(network).with(server));
  }

  static Node onContainerd(ContainerdProgram program, TestImages images, Path folder) {
    createFolder(folder);
    CniNetwork network = CniNetwork.create(folder.resolve("cni"), CNI_OF_ALL_CONTAINERDS);
    ContainerdDaemon containerd = containerd(program, images, folder, network);
    IntermodalServer server =
        new IntermodalServer(
            folder.resolve("server"),
            List.of(
                "--container-runtime=containerd",
                "--containerd-endpoint=" + containerd.endpoint()));
    return served(
        folder, images, server, Parts.UNKNOWN.with(network).with(containerd).with(server));
  }

  static Node onCrio(CrioProgram program, TestImages images, Path folder) {
    createFolder(folder);
    CniNetwork network = CniNetwork.create(folder.resolve("cni"));
    CrioDaemon crio = CrioDaemon.start(program, folder.resolve("crio"), network, images);
    IntermodalServer server =
        new IntermodalServer(
            folder.resolve("server"),
            List.of("--container-runtime=cri-o", "--crio-endpoint=" + crio.endpoint()));
    return served(folder, images, server, Parts.UNKNOWN.with(network).with(crio).with(server));
  }

  static Node onRkt(RktProgram program, TestImages images, Path folder) {
    createFolder(folder);
    CniNetwork network = CniNetwork.create(folder.resolve("cni"));
    IntermodalServer server =
        new IntermodalServer(
            folder.resolve("server"),
            List.of(
                "--container-runtime=rkt",
                "--rkt-command=" + program.command(folder.resolve("rkt")),
                "--cni-conf-dir=" + network.folder()));
    return served(folder, images, server, Parts.UNKNOWN.with(network).with(program).with(server));
  }

  /** The control: a containerd without us. */
  static Node directlyOnContainerd(ContainerdProgram program, TestImages images, Path folder) {
    createFolder(folder);
    CniNetwork network = CniNetwork.create(folder.resolve("cni"), CNI_OF_ALL_CONTAINERDS);
    ContainerdDaemon containerd = containerd(program, images, folder, network);
    Node node =
        new Node(folder, containerd.socket(), images, Parts.UNKNOWN.with(network).with(containerd));
    node.awaitReady(true, START);
    return node;
  }

  /** Docker, the default, and containerd, on one network; more names for them as one may wish. */
  static Node onSeveral(
      DockerProgram dockerProgram,
      ContainerdProgram containerdProgram,
      TestImages images,
      Path folder) {
    createFolder(folder);
    DockerDaemon docker = new DockerDaemon(dockerProgram, folder.resolve("docker"));
    CniNetwork network = CniNetwork.create(folder.resolve("cni"), CNI_OF_ALL_CONTAINERDS);
    ContainerdDaemon containerd = containerd(containerdProgram, images, folder, network);
    IntermodalServer server =
        new IntermodalServer(
            folder.resolve("server"),
            List.of(
                "--container-runtime=docker,containerd",
                "--docker-endpoint=unix://" + docker.socket(),
                "--containerd-endpoint=" + containerd.endpoint(),
                "--runtime-handlers=%s=containerd,%s=containerd/runc"
                    .formatted(HANDLER_OF_CONTAINERD, HANDLER_INSIDE_CONTAINERD),
                "--cni-conf-dir=" + network.folder()));
    return served(
        folder,
        images,
        server,
        Parts.UNKNOWN.with(docker).with(network).with(containerd).with(server));
  }

  private static ContainerdDaemon containerd(
      ContainerdProgram program, TestImages images, Path folder, CniNetwork network) {
    return ContainerdDaemon.start(
        program, folder.resolve("containerd"), network, images.pause().byTag());
  }

  private static Node served(Path folder, TestImages images, IntermodalServer server, Parts parts) {
    Node node = new Node(folder, server.socket(), images, parts);
    try {
      server.await("the server is ready", node::allReady);
    } catch (AssertionError | RuntimeException e) {
      node.close();
      throw new IllegalStateException("the server did not become ready", e);
    }
    return node;
  }

  private static Path createFolder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A session for one test. */
  public Cri session() {
    return new Cri(channel, images, folder.resolve("logs"));
  }

  /** Likewise, as a kubelet before 1.23. */
  public Cri sessionInVersion1alpha2() {
    CriChannel old = CriChannel.inVersion1alpha2(channel.socket());
    oldChannels.add(old);
    return new Cri(old, images, folder.resolve("logs-of-old"));
  }

  /**
   * Another server in front of whatever its settings say, which it need not reach.
   *
   * @param name of its folder
   */
  public IntermodalServer anotherServer(String name, List<String> settings) {
    IntermodalServer server = new IntermodalServer(folder.resolve(name), settings);
    server.await("the server listens", () -> Files.exists(server.socket()));
    return server;
  }

  /** The socket as clients name it: {@code unix:///…}. */
  public String endpoint() {
    return "unix://" + channel.socket();
  }

  /** A folder for files of tests, on the host's file system. */
  public Path folder() {
    return folder;
  }

  /** Whether Status says that runtime and network are ready; false when nobody answers. */
  public boolean ready() {
    Map<String, Boolean> conditions = conditions();
    return conditions.getOrDefault("RuntimeReady", false)
        && conditions.getOrDefault("NetworkReady", false);
  }

  /** Whether this holds for each of several engines. */
  private boolean allReady() {
    return ready() && !conditions().containsValue(false);
  }

  /** The conditions of Status, and whether they hold; empty when nobody answers. */
  public Map<String, Boolean> conditions() {
    try {
      channel.reconnect();
      return channel
          .runtime()
          .status(StatusRequest.getDefaultInstance())
          .getStatus()
          .getConditionsList()
          .stream()
          .collect(Collectors.toMap(RuntimeCondition::getType, RuntimeCondition::getStatus));
    } catch (StatusRuntimeException e) {
      return Map.of();
    }
  }

  /** Waits until {@link #ready()} is as wished. */
  public void awaitReady(boolean wished, Duration limit) {
    Await.until("Status says " + (wished ? "ready" : "not ready"), limit, () -> ready() == wished);
  }

  /**
   * Whether what callers are told is ours to answer for. It is not behind a socket that was given
   * from outside, nor where an engine's own CRI passes through us.
   */
  public boolean ours() {
    return rkt() || (parts.docker().isPresent() && parts.containerd().isEmpty());
  }

  /** Whether rkt is behind the server. */
  public boolean rkt() {
    return parts.rkt().isPresent();
  }

  /** Docker behind the server; the test is skipped when there is none. */
  public DockerDaemon docker() {
    return require(parts.docker(), "looks at Docker, which is not behind this socket");
  }

  /** containerd behind the server; the test is skipped when there is none. */
  public ContainerdDaemon containerd() {
    return require(parts.containerd(), "looks at containerd, which is not behind this socket");
  }

  /** The wire between server and Docker; the test is skipped when there is none. */
  public RecordingProxy proxy() {
    return require(parts.proxy(), "looks at requests to Docker, which is not behind this socket");
  }

  /** The pod network; the test is skipped when it is not known. */
  public CniNetwork network() {
    return require(parts.network(), NOT_KNOWN);
  }

  /** The server's process; the test is skipped when it is not ours. */
  public IntermodalServer server() {
    return require(parts.server(), NOT_KNOWN);
  }

  /** The server's process, when it is known. */
  public Optional<HostProcess> serverProcess() {
    return parts.server().map(IntermodalServer::process);
  }

  /** Starts the server again and waits until it listens, whether or not there is an engine. */
  public void startServer() {
    IntermodalServer server = server();
    server.startAgain();
    server.await("the server answers", () -> CriChannel.accepts(server.socket()));
  }

  /** Starts the server again and waits until it is ready. */
  public void restartServer() {
    server().startAgain();
    server().await("the server is ready again", this::ready);
  }

  /**
   * Runs a container to its end; anew when Docker has lost what it wrote, as {@link #dockerLost}
   * says. What Docker has and the log has not is never a reason to run it anew.
   *
   * @param start makes and starts one
   * @param streams what it writes to: {@code stdout}, {@code stderr}
   */
  public Container ran(Supplier<Container> start, String... streams) {
    for (int run = 1; ; run++) {
      Container container = start.get();
      var _ = container.awaitExit();
      if (run == RUNS || Stream.of(streams).noneMatch(stream -> dockerLost(container, stream))) {
        return container;
      }
    }
  }

  /**
   * Whether Docker itself has lost what a container that has ended wrote to {@code stdout} or
   * {@code stderr}: it kept nothing of it, and dockerd has said since the container's creation that
   * it lost an output. Not known, and so false, where Docker is not behind the socket.
   */
  public boolean dockerLost(Container container, String stream) {
    return parts.docker().isPresent()
        && docker().api().log(container.id(), stream).isEmpty()
        && docker().lostAnOutputSince(Instant.ofEpochSecond(0, container.status().getCreatedAt()));
  }

  private static <T> T require(Optional<T> part, String why) {
    return part.orElseThrow(() -> new TestAbortedException(why));
  }

  @Override
  public void close() {
    if (rkt() && ready()) {
      // There is no daemon whose end would be theirs.
      channel.removeAllPods();
    }
    channel.close();
    oldChannels.forEach(CriChannel::close);
    parts.server().ifPresent(IntermodalServer::close);
    parts.proxy().ifPresent(RecordingProxy::close);
    parts.docker().ifPresent(DockerDaemon::close);
    parts.containerd().ifPresent(ContainerdDaemon::close);
    parts.crio().ifPresent(CrioDaemon::close);
    parts.network().ifPresent(CniNetwork::close);
    if (parts.network().isPresent() && !Boolean.getBoolean("keep")) {
      PrivateFolder.clear(folder);
    }
  }
}
