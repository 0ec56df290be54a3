package io.intermodal.server.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.server.transport.Transport;
import io.intermodal.server.wire.CriVersion;
import io.intermodal.server.wire.Frames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/**
 * Asks a socket for {@code Version} in both versions of CRI at once, and the kernel for its owner.
 */
public final class SocketInquiry implements CriSockets {
  private final Transport transport;

  public SocketInquiry(Transport transport) {
    this.transport = transport;
  }

  @Override
  public Answer ask(String endpoint, Duration patience) {
    Path socket = EngineSocket.path(endpoint);
    OptionalLong pid;
    try {
      pid = listener(socket);
    } catch (IOException e) {
      return new Unreachable(endpoint + ": " + e.getMessage());
    }
    ManagedChannel channel =
        EngineSocket.channel(transport, socket, transport.eventLoops()).directExecutor().build();
    try {
      return ask(channel, patience, pid);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unanswered("interrupted while " + endpoint + " was asked", pid);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Whoever listens, as the kernel says: SO_PEERCRED. Another namespace's process has no pid. */
  private static OptionalLong listener(Path socket) throws IOException {
    try (UnixSocketChannel channel =
        UnixSocketChannel.open(new UnixSocketAddress(socket.toFile()))) {
      int pid = channel.getOption(UnixSocketOptions.SO_PEERCRED).getPid();
      return pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty();
    }
  }

  private static Answer ask(ManagedChannel channel, Duration patience, OptionalLong pid)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Map<CriVersion, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    for (CriVersion version : CriVersion.values()) {
      asked.put(
          version,
          UnaryAnswer.of(
              channel::newCall,
              Frames.method(version.named("RuntimeService/Version")),
              request(),
              patience));
    }
    List<String> versions = new ArrayList<>();
    VersionResponse known = VersionResponse.getDefaultInstance();
    Status refusal = Status.OK;
    for (Map.Entry<CriVersion, CompletableFuture<byte[]>> one : asked.entrySet()) {
      try {
        known =
            VersionResponse.parseFrom(
                one.getValue().get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
        versions.add(one.getKey().label());
      } catch (TimeoutException e) {
        return silent(patience, pid);
      } catch (ExecutionException e) {
        refusal = Status.fromThrowable(e);
      } catch (InvalidProtocolBufferException e) {
        return new Unanswered("its answer to Version cannot be read: " + e.getMessage(), pid);
      }
    }
    if (!versions.isEmpty()) {
      return new Served(
          Set.copyOf(versions), known.getRuntimeName(), known.getRuntimeVersion(), pid);
    }
    return switch (refusal.getCode()) {
      case UNIMPLEMENTED -> new WithoutCri(String.valueOf(refusal.getDescription()), pid);
      case DEADLINE_EXCEEDED -> silent(patience, pid);
      default -> new Unanswered(words(refusal), pid);
    };
  }

  private static Answer silent(Duration patience, OptionalLong pid) {
    return new Unanswered(
        "it took the connection and did not answer within %d ms".formatted(patience.toMillis()),
        pid);
  }

  private static String words(Status status) {
    Throwable cause = status.getCause();
    return cause == null || cause instanceof StatusRuntimeException
        ? status.getCode() + ": " + status.getDescription()
        : "it does not speak gRPC: " + cause.getMessage();
  }

  private static byte[] request() {
    return VersionRequest.getDefaultInstance().toByteArray();
  }
}
