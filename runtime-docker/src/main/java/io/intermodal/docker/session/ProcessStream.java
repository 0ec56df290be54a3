package io.intermodal.docker.session;

import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.session.OutputFrames.ClientGoneException;
import io.intermodal.docker.transport.HttpExchange;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.streaming.SessionStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two-way stream between one client and one process, over a request to Docker that was
 * upgraded.
 *
 * <p>It ends once, and the first reason stays: the session is through with it, the client has gone,
 * or the container has ended and Docker forgot to say so.
 */
final class ProcessStream implements AutoCloseable {
  /** Why it ended. */
  enum End {
    /** The session has what it came for, or failed. */
    OVER,
    /** The client went away before. */
    CLIENT_GONE,
    /** The container ended, and nothing more came from Docker. */
    CONTAINER_ENDED
  }

  private static final Logger log = LoggerFactory.getLogger(ProcessStream.class);
  private static final int UPGRADED = 101;
  private static final int INPUT_BUFFER = 32 * 1024;
  private static final int LONGEST_REFUSAL = 4096;
  private static final Duration CONTAINER_LOOK = Duration.ofMillis(200);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final DockerApi docker;
  private final HttpExchange exchange;
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private @Nullable Thread input;
  private volatile boolean listening;
  private volatile long listeningSince;

  private ProcessStream(DockerApi docker, HttpExchange exchange) {
    this.docker = docker;
    this.exchange = exchange;
  }

  /**
   * Sends the request whose answer is the stream.
   *
   * @param object what messages call the process: {@code exec in container 1234}
   * @throws CriException with the code that fits Docker's refusal
   * @throws UncheckedIOException when Docker cannot be reached
   */
  static ProcessStream open(DockerApi docker, String object, String path, byte[] jsonBody) {
    HttpExchange exchange = docker.upgrade("POST", path, jsonBody, Call.UNBOUNDED);
    if (exchange.getStatusCode() == UPGRADED) {
      return new ProcessStream(docker, exchange);
    }
    try (exchange) {
      byte[] said = exchange.getBody().readNBytes(LONGEST_REFUSAL);
      throw DockerErrors.refused(
          object, exchange.getStatusCode(), new String(said, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Completes with the reason when it has ended. */
  CompletableFuture<End> end() {
    return end.copy();
  }

  /** Ends it for this reason if it has not ended before, and answers the one that stays. */
  End end(End reason) {
    end.complete(reason);
    return end.join();
  }

  boolean ended() {
    return end.isDone();
  }

  /** Says that the client has gone. Never blocks. */
  void clientGone() {
    end.complete(End.CLIENT_GONE);
  }

  /** Wakes whoever reads from Docker or writes to it, and ends the request. */
  void hangUp() {
    exchange.close();
  }

  /**
   * Carries input and output until Docker has nothing more to say, or until {@link #hangUp} after
   * an end. Called once.
   *
   * @param resizePath where Docker takes the size of the process's terminal; empty when it has none
   * @param container asked for all the time
   * @throws UncheckedIOException when the way to Docker broke
   */
  void carry(SessionStreams client, Optional<String> resizePath, ContainerLife container) {
    if (client.wanted().stdin()) {
      InputStream typed = client.stdin();
      input = Thread.ofVirtual().name("docker-input").start(() -> sendInput(typed));
    }
    Thread.ofVirtual().name("docker-container").start(() -> hangUpAfter(container));
    TerminalResize resize =
        resizePath.map(path -> TerminalResize.following(client, docker, path)).orElse(null);
    try (resize) {
      handOver(new OutputFrames(resizePath.isEmpty(), client.stdout(), client.stderr()));
    } catch (ClientGoneException e) {
      clientGone();
    } catch (IOException e) {
      if (!ended()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void handOver(OutputFrames output) throws IOException {
    byte[] buffer = new byte[OutputFrames.LONGEST];
    InputStream said = exchange.getBody();
    while (true) {
      listeningSince = System.nanoTime();
      listening = true;
      int count = readOrEnd(said, buffer);
      listening = false;
      if (count < 0) {
        output.end();
        return;
      }
      output.take(buffer, count);
    }
  }

  /**
   * Docker hangs up when the process has ended; if some of the input is unread then, that looks
   * like a broken connection, but everything that Docker has written comes before it. Whether
   * Docker is there at all is found out by whoever asks for the exit code.
   */
  private int readOrEnd(InputStream said, byte[] buffer) throws IOException {
    try {
      return said.read(buffer);
    } catch (IOException e) {
      if (ended()) {
        throw e;
      }
      log.debug("{} ends: {}", exchange, e.toString());
      return -1;
    }
  }

  /**
   * Its end is passed on by closing our direction. The process of an exec, or of a container with
   * {@code stdin_once} and without a terminal, then sees the end of its input. Another container
   * keeps its input open, and Docker ends the whole stream, as containerd does.
   */
  private void sendInput(InputStream typed) {
    byte[] buffer = new byte[INPUT_BUFFER];
    OutputStream process = exchange.input();
    while (true) {
      int count;
      try {
        count = typed.read(buffer);
      } catch (IOException e) {
        // A client ends its input or leaves; this is not the end.
        clientGone();
        return;
      }
      try {
        if (count < 0) {
          process.close();
          return;
        }
        process.write(buffer, 0, count);
      } catch (IOException e) {
        // The process takes no more; what becomes of it is said by its output.
        return;
      }
    }
  }

  /**
   * Docker 20.10 sometimes never ends the stream of a command whose container ends at the same
   * moment, and no version ends that of an attach which came a moment too late. Others end it
   * within this time; the last output to a slow client may take longer, but not when the container
   * is to be stopped.
   */
  private void hangUpAfter(ContainerLife container) {
    long noticed = Long.MAX_VALUE;
    while (!endedWithin(CONTAINER_LOOK)) {
      if (noticed == Long.MAX_VALUE && !container.runs()) {
        noticed = System.nanoTime();
      }
      boolean forgotten =
          noticed != Long.MAX_VALUE
              && listening
              && System.nanoTime() - Math.max(noticed, listeningSince) > LAST_WORDS.toNanos();
      if ((forgotten || container.isOverdue()) && end.complete(End.CONTAINER_ENDED)) {
        hangUp();
      }
    }
  }

  private boolean endedWithin(Duration limit) {
    try {
      End _ = end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("nobody interrupts this thread or fails this future", e);
    }
  }

  @Override
  public void close() {
    end.complete(End.OVER);
    hangUp();
    Thread reading = input;
    if (reading != null) {
      reading.interrupt();
    }
  }
}
