package io.intermodal.server.grpc;

import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gRPC server on a Unix socket. */
public final class CriServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CriServer.class);
  private static final int CALLS_PER_CONNECTION = 1024;

  private final String address;
  private final Optional<Path> path;
  private final Server server;
  private final ExecutorService requests;
  private final Duration grace;
  private final @Nullable SocketFile file;

  private CriServer(
      String address,
      Optional<Path> path,
      Server server,
      ExecutorService requests,
      Duration grace,
      @Nullable SocketFile file) {
    this.address = address;
    this.path = path;
    this.server = server;
    this.requests = requests;
    this.grace = grace;
    this.file = file;
  }

  /**
   * What is served and how.
   *
   * @param services the services
   * @param others answers whatever is none of them
   * @param thread what calls run on
   * @param interceptor what every request passes
   * @param largestMessage bytes of the largest request that is read
   * @param grace how long calls in flight may take to finish when the server is closed
   */
  public record Content(
      List<ServerServiceDefinition> services,
      HandlerRegistry others,
      CallThread thread,
      ServerInterceptor interceptor,
      int largestMessage,
      Duration grace) {}

  /** What calls run on. */
  public enum CallThread {
    /** Each on a virtual thread of its own: it may wait. */
    VIRTUAL,
    /** The one that moves bytes: nothing may wait. */
    EVENT_LOOP
  }

  /**
   * Finds out early whether the socket could be served on: a second server must not touch the first
   * one's pods before it learns that it is the second.
   *
   * @throws IOException with one sentence why not
   */
  public static void refuseIfServed(Path path, Map<String, String> environment) throws IOException {
    if (InheritedSocket.find(environment, ProcessHandle.current().pid()).isEmpty()) {
      SocketFile.refuseIfTaken(path);
    }
  }

  /**
   * Serves on the socket that a service manager passed to this process, else on a socket of its own
   * at the path.
   *
   * @param environment the environment, for the service manager's variables
   * @throws IOException with one sentence why it cannot listen
   */
  public static CriServer start(
      Path path, Map<String, String> environment, Transport transport, Content content)
      throws IOException {
    Optional<InheritedSocket> inherited =
        InheritedSocket.find(environment, ProcessHandle.current().pid());
    return inherited.isPresent()
        ? startOn(inherited.get(), transport, content)
        : startAt(path, transport, content);
  }

  private static CriServer startAt(Path path, Transport transport, Content content)
      throws IOException {
    ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    // Bound and listening in the folder that SocketFile made, before it has its name.
    Server[] started = new Server[1];
    SocketFile file =
        SocketFile.publish(
            path,
            bound -> {
              SocketAddress address = transport.address(bound);
              NettyServerBuilder builder =
                  NettyServerBuilder.forAddress(address).channelFactory(transport.unixServer());
              started[0] = start(builder, transport, requests, content);
            });
    return new CriServer(
        path.toString(), Optional.of(path), started[0], requests, content.grace(), file);
  }

  private static CriServer startOn(InheritedSocket socket, Transport transport, Content content)
      throws IOException {
    if (!transport.isEpoll()) {
      throw new IOException(
          "socket activation needs Netty's epoll library, which does not load here: "
              + Transport.cause());
    }
    ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    SocketAddress unused = transport.address(Path.of("/inherited"));
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(unused).channelFactory(InheritedSocket::channel);
    Server server = start(builder, transport, requests, content);
    return new CriServer(socket.describe(), socket.path(), server, requests, content.grace(), null);
  }

  private static Server start(
      NettyServerBuilder builder, Transport transport, ExecutorService requests, Content content)
      throws IOException {
    if (content.thread() == CallThread.EVENT_LOOP) {
      builder.directExecutor();
    } else {
      builder.executor(requests);
    }
    return builder
        .bossEventLoopGroup(transport.eventLoops())
        .workerEventLoopGroup(transport.eventLoops())
        .maxInboundMessageSize(content.largestMessage())
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
        // Clients that ping to keep a connection are not thrown out for it.
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addServices(content.services())
        .fallbackHandlerRegistry(content.others())
        .intercept(content.interceptor())
        .build()
        .start();
  }

  /** Where it listens. */
  public String address() {
    return address;
  }

  /** The socket's file; empty for a socket of the service manager that does not say. */
  public Optional<Path> path() {
    return path;
  }

  /**
   * Takes no new calls, lets those in flight finish for the time of grace, then cuts them off. The
   * socket's file goes first, if it is ours.
   */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
    server.shutdown();
    try {
      if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("calls were still in flight after {} s and are cut off", grace.toSeconds());
        server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    // Not closed: that would wait for operations whose callers are gone. They end with the process.
    requests.shutdown();
  }
}
