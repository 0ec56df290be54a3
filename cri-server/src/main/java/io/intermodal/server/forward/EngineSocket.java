package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.intermodal.server.transport.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The connection to an engine's socket. It is made by the first call, and again, a second at most
 * after the engine has come back.
 *
 * <p>There is one to each event loop, so that a call which came in on a loop goes out on the same:
 * no thread waits for another one.
 */
public final class EngineSocket implements CriCalls, AutoCloseable {
  /** As large as a message may be: a list needs no second round. */
  private static final int WINDOW = 16 << 20;

  private static final long FIRST_RETRY_MS = 50;
  private static final long LAST_RETRY_MS = 1000;

  private static final String UNIX = "unix://";

  private final List<Line> lines = new ArrayList<>();

  /** A connection and the loop that it lives on. */
  private record Line(EventLoop loop, ManagedChannel channel) {}

  private EngineSocket() {}

  /**
   * A connection that is not made yet.
   *
   * @param endpoint {@code unix:///absolute/path}
   */
  public static EngineSocket at(String endpoint, Transport transport) {
    EngineSocket socket = new EngineSocket();
    for (EventExecutor loop : transport.eventLoops()) {
      EventLoop eventLoop = (EventLoop) loop;
      ManagedChannel channel =
          channel(transport, path(endpoint), eventLoop).directExecutor().build();
      socket.lines.add(new Line(eventLoop, channel));
      reconnect(channel, eventLoop, FIRST_RETRY_MS);
    }
    return socket;
  }

  static Path path(String endpoint) {
    return Path.of(endpoint.startsWith(UNIX) ? endpoint.substring(UNIX.length()) : endpoint);
  }

  static NettyChannelBuilder channel(Transport transport, Path socket, EventLoopGroup loops) {
    return NettyChannelBuilder.forAddress(transport.address(socket))
        .eventLoopGroup(loops)
        .channelType(transport.unixClient(), transport.address(socket).getClass())
        // A path is no authority; Go servers refuse one with an escaped slash in it.
        .overrideAuthority("localhost")
        .maxInboundMessageSize(WINDOW)
        // A fixed window: measuring for a better one costs pings, and CRI-O hangs up on many.
        .flowControlWindow(WINDOW)
        .maxInboundMetadataSize(64 << 10)
        .disableRetry()
        .usePlaintext();
  }

  /**
   * gRPC itself waits up to two minutes between two tries, and fails all calls meanwhile without a
   * try.
   */
  private static void reconnect(ManagedChannel channel, EventLoop loop, long delay) {
    ConnectivityState state = channel.getState(false);
    switch (state) {
      case SHUTDOWN -> {}
      case TRANSIENT_FAILURE -> {
        var _ =
            loop.schedule(
                () -> {
                  channel.resetConnectBackoff();
                  reconnect(channel, loop, Math.min(2 * delay, LAST_RETRY_MS));
                },
                delay,
                TimeUnit.MILLISECONDS);
      }
      case CONNECTING ->
          channel.notifyWhenStateChanged(state, () -> reconnect(channel, loop, delay));
      case IDLE, READY ->
          channel.notifyWhenStateChanged(state, () -> reconnect(channel, loop, FIRST_RETRY_MS));
    }
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return line().channel().newCall(method, options);
  }

  private Line line() {
    for (Line line : lines) {
      if (line.loop().inEventLoop()) {
        return line;
      }
    }
    return lines.get(ThreadLocalRandom.current().nextInt(lines.size()));
  }

  /** Whether a connection stands now. */
  boolean connected() {
    return lines.stream()
        .anyMatch(line -> line.channel().getState(false) == ConnectivityState.READY);
  }

  /** Hangs up; calls in flight end as cancelled. */
  @Override
  public void close() {
    lines.forEach(line -> line.channel().shutdownNow());
  }
}
