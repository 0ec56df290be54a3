package io.intermodal.tests.engine;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A CRI socket and what is known about the machinery behind it. Behind a socket that was given from
 * outside nothing is known: tests that need to look there are skipped.
 */
public final class Node implements AutoCloseable {
  private static final int RUNS = 3;

  private final Path folder;
  private final CriChannel channel;
  private final TestImages images;
  private final Optional<Parts> parts;

  private record Parts(
      DockerDaemon docker, RecordingProxy proxy, CniNetwork network, IntermodalServer server) {}

  private Node(Path folder, CriChannel channel, TestImages images, Optional<Parts> parts) {
    this.folder = folder;
    this.channel = channel;
    this.images = images;
    this.parts = parts;
  }

  static Node atSocket(Path socket, TestImages images, Path folder) {
    return new Node(createFolder(folder), new CriChannel(socket), images, Optional.empty());
  }

  static Node onDocker(DockerProgram program, TestImages images, Path folder) {
    createFolder(folder);
    DockerDaemon docker = new DockerDaemon(program, folder.resolve("docker"));
    RecordingProxy proxy = RecordingProxy.start(folder.resolve("proxy.sock"), docker.socket());
    CniNetwork network = CniNetwork.create(folder.resolve("cni"));
    IntermodalServer server =
        new IntermodalServer(folder.resolve("server"), proxy.socket(), network);
    Node node =
        new Node(
            folder,
            new CriChannel(server.socket()),
            images,
            Optional.of(new Parts(docker, proxy, network, server)));
    try {
      server.await("the server is ready", node::ready);
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
    try {
      channel.reconnect();
      var status = channel.runtime().status(StatusRequest.getDefaultInstance()).getStatus();
      return status.getConditionsCount() >= 2
          && status.getConditionsList().stream().allMatch(condition -> condition.getStatus());
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** Waits until {@link #ready()} is as wished. */
  public void awaitReady(boolean wished, Duration limit) {
    Await.until("Status says " + (wished ? "ready" : "not ready"), limit, () -> ready() == wished);
  }

  /** Whether the server is ours. */
  public boolean ours() {
    return parts.isPresent();
  }

  /** Docker behind the server; the test is skipped when there is none. */
  public DockerDaemon docker() {
    return require().docker();
  }

  /** The wire between server and Docker; the test is skipped when there is none. */
  public RecordingProxy proxy() {
    return require().proxy();
  }

  /** The pod network; the test is skipped when it is not known. */
  public CniNetwork network() {
    return require().network();
  }

  /** The server's process; the test is skipped when it is not ours. */
  public IntermodalServer server() {
    return require().server();
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
   * it lost an output. Not known, and so false, behind a socket that was given from outside.
   */
  public boolean dockerLost(Container container, String stream) {
    return ours()
        && docker().api().log(container.id(), stream).isEmpty()
        && docker().lostAnOutputSince(Instant.ofEpochSecond(0, container.status().getCreatedAt()));
  }

  private Parts require() {
    return parts.orElseThrow(
        () -> new TestAbortedException("looks behind the socket, which was given from outside"));
  }

  @Override
  public void close() {
    channel.close();
    parts.ifPresent(p -> {
      p.server().close();
      p.proxy().close();
      p.docker().close();
      p.network().close();
      if (!Boolean.getBoolean("keep")) {
        PrivateFolder.clear(folder);
      }
    });
  }
}
