package io.intermodal.server.streaming.ports;

import io.intermodal.runtime.CriException;
import io.intermodal.server.streaming.flow.Inbox;
import io.intermodal.server.streaming.flow.Outbox;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a port of a pod. Each direction ends on its own; what goes wrong is told on the
 * connection's own error stream and touches no other.
 */
final class ForwardedConnection {
  private static final Logger log = LoggerFactory.getLogger(ForwardedConnection.class);
  private static final int BUFFER = 32 * 1024;

  private final PortsOffer pod;
  private final int port;
  private final Inbox fromClient;
  private final Outbox toClient;
  private final Outbox error;

  ForwardedConnection(PortsOffer pod, int port, Inbox fromClient, Outbox toClient, Outbox error) {
    this.pod = pod;
    this.port = port;
    this.fromClient = fromClient;
    this.toClient = toClient;
    this.error = error;
  }

  /** Connects and carries bytes, on threads of its own. */
  void start() {
    Thread.ofVirtual().name("port-forward-" + port).start(this::run);
  }

  private void run() {
    try (SocketChannel target = PodDialer.dial(pod.networkNamespace().get(), port)) {
      Thread up = Thread.ofVirtual().name("port-forward-up-" + port).start(() -> sendUp(target));
      sendDown(target);
      // The pod may have ended its direction alone.
      up.join();
    } catch (IOException | CriException e) {
      tell("port %d of %s: %s".formatted(port, pod.pod(), e.getMessage()));
    } catch (RuntimeException e) {
      log.error("port {} of {} failed by a fault of this server", port, pod.pod(), e);
      tell("port %d of %s: failed by a fault of the server: %s".formatted(port, pod.pod(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      fromClient.close();
      toClient.close();
      error.close();
    }
  }

  private void sendUp(SocketChannel target) {
    byte[] buffer = new byte[BUFFER];
    try {
      int count;
      while ((count = fromClient.read(buffer)) >= 0) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          target.write(bytes);
        }
      }
      target.shutdownOutput();
    } catch (IOException e) {
      // Either the client has gone, and then the pod's side is of no use; or the pod reads no more.
      log.debug("port {} of {}: no more is sent: {}", port, pod.pod(), e.getMessage());
      fromClient.close();
      closeQuietly(target);
    }
  }

  private void sendDown(SocketChannel target) throws IOException {
    byte[] buffer = new byte[BUFFER];
    OutputStream out = toClient;
    int count;
    while ((count = target.read(ByteBuffer.wrap(buffer))) >= 0) {
      out.write(buffer, 0, count);
    }
    toClient.close();
  }

  private void closeQuietly(SocketChannel target) {
    try {
      target.close();
    } catch (IOException e) {
      log.debug("port {} of {}: {}", port, pod.pod(), e.toString());
    }
  }

  private void tell(String what) {
    log.debug("port-forward: {}", what);
    try {
      error.write(what.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.debug("the client does not learn it: {}", e.getMessage());
    }
  }
}
