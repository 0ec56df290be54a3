package io.intermodal.docker.session;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.TerminalSize;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the size of a client's terminal to that of the process: the latest one, again and again
 * until Docker takes it. Docker refuses until the process has been started, and the first size
 * comes before that.
 */
final class TerminalResize implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TerminalResize.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofMillis(50);

  private final DockerApi docker;
  private final String path;
  private final Thread thread = Thread.ofVirtual().name("docker-resize").unstarted(this::follow);
  private @Nullable TerminalSize latest;

  private TerminalResize(DockerApi docker, String path) {
    this.docker = docker;
    this.path = path;
  }

  /**
   * Follows the client's terminal until it is closed.
   *
   * @param path where Docker takes sizes: {@code /exec/1234/resize}
   */
  static TerminalResize following(SessionStreams client, DockerApi docker, String path) {
    TerminalResize resize = new TerminalResize(docker, path);
    resize.thread.start();
    client.onResize(resize::changed);
    return resize;
  }

  private synchronized void changed(TerminalSize size) {
    // A terminal that does not know its size says 0.
    if (size.width() > 0 && size.height() > 0) {
      latest = size;
      notifyAll();
    }
  }

  private void follow() {
    try {
      while (true) {
        apply(next());
      }
    } catch (InterruptedException e) {
      // The session is over, and with it this thread.
      log.trace("{}: over", path);
    }
  }

  private synchronized TerminalSize next() throws InterruptedException {
    while (latest == null) {
      wait();
    }
    TerminalSize size = latest;
    latest = null;
    return size;
  }

  private synchronized boolean superseded() {
    return latest != null;
  }

  private void apply(TerminalSize size) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!taken(size) && !superseded()) {
      if (System.nanoTime() > deadline) {
        log.warn(
            "{}: Docker did not take the size {} x {} within {} s",
            path,
            size.width(),
            size.height(),
            PATIENCE.toSeconds());
        return;
      }
      Thread.sleep(AGAIN);
    }
  }

  private boolean taken(TerminalSize size) {
    String query = "?h=%d&w=%d".formatted(size.height(), size.width());
    try (Response answer = docker.send("POST", path + query, new byte[0])) {
      return answer.getStatusCode() / 100 == 2;
    } catch (UncheckedIOException e) {
      log.debug("{}: {}", path, e.toString());
      return false;
    }
  }

  /** Ends it, also in the middle of a request. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
