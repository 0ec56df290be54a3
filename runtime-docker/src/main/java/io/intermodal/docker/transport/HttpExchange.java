package io.intermodal.docker.transport;

import com.github.dockerjava.transport.DockerHttpClient;
import io.intermodal.docker.transport.RequestDeadlines.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the connection's opening to its return to the pool.
 *
 * <p>It ends once: completed (the body was read to its end and the connection may be used again) or
 * aborted (deadline, caller gone, broken, closed early), which closes the connection and wakes its
 * reader.
 */
public final class HttpExchange implements DockerHttpClient.Response {
  private sealed interface End {
    record Completed() implements End {}

    record Aborted(IOException why) implements End {}
  }

  /** What is read of an unread rest to keep the connection. */
  private static final int DRAIN_LIMIT = 64 * 1024;

  private final UnixHttpClient client;
  private final String name;
  private final Deadline deadline;
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();
  private volatile @Nullable Connection connection;
  private volatile @Nullable Future<?> watch;
  private volatile boolean sending;
  private boolean upgraded;
  private @Nullable ResponseHead head;
  private @Nullable ResponseBody body;

  HttpExchange(UnixHttpClient client, String name, Deadline deadline) {
    this.client = client;
    this.name = name;
    this.deadline = deadline;
  }

  /** Starts the clock. */
  void watch(ScheduledExecutorService clock) {
    switch (deadline) {
      case Deadline.Total(Duration limit) ->
          watch = clock.schedule(() -> timeout(limit), limit.toNanos(), TimeUnit.NANOSECONDS);
      case Deadline.Head(Duration limit) ->
          watch = clock.schedule(() -> timeout(limit), limit.toNanos(), TimeUnit.NANOSECONDS);
      case Deadline.Idle(Duration limit) -> watchIdle(clock, limit, limit.toNanos());
      case Deadline.None _ -> {}
    }
    if (!active()) {
      unwatch();
    }
  }

  private void watchIdle(ScheduledExecutorService clock, Duration limit, long nanos) {
    watch =
        clock.schedule(
            () -> {
              Connection current = connection;
              long silent = current == null ? 0 : System.nanoTime() - current.lastActivity();
              long left = limit.toNanos() - silent;
              if (left <= 0) {
                timeout(limit);
              } else if (active()) {
                watchIdle(clock, limit, left);
              }
            },
            nanos,
            TimeUnit.NANOSECONDS);
  }

  private void timeout(Duration limit) {
    abort(
        new SocketTimeoutException(name + " was not answered within " + limit.toSeconds() + " s"));
  }

  /** Makes the connection the one that an abort closes. */
  void use(Connection next) throws IOException {
    connection = next;
    if (end.get() instanceof End.Aborted(IOException why)) {
      next.close(why);
      throw why;
    }
  }

  boolean active() {
    return end.get() == null;
  }

  /** Takes the head; from now on this is a response. */
  void begin(ResponseHead received, Connection on, long limit) throws IOException {
    if (deadline instanceof Deadline.Head) {
      unwatch();
    }
    head = received;
    upgraded = received.status() == 101;
    boolean empty = received.status() == 204 || received.status() == 304;
    body =
        upgraded
            ? ResponseBody.of(
                new ResponseHead(101, false, Map.of()), false, this, on, Long.MAX_VALUE)
            : ResponseBody.of(received, empty, this, on, limit);
    if (body.atEnd()) {
      complete();
    }
  }

  /** Says that the request's body is on its way, or has been sent. */
  void sending(boolean now) {
    sending = now;
  }

  void complete() {
    if (!end.compareAndSet(null, new End.Completed())) {
      return;
    }
    unwatch();
    Connection used = connection;
    ResponseHead received = head;
    client.ended(this);
    if (used == null) {
      return;
    }
    if (received != null && received.keepAlive() && !upgraded && !sending && framed()) {
      client.release(used);
    } else if (!upgraded) {
      used.close();
    }
    // An upgraded connection's other direction may still be open: it ends with close().
  }

  private boolean framed() {
    ResponseBody read = body;
    return read != null && read.atEnd();
  }

  /** Ends the exchange for a reason that its reader is told. */
  void abort(IOException why) {
    if (!end.compareAndSet(null, new End.Aborted(why))) {
      return;
    }
    unwatch();
    client.ended(this);
    Connection used = connection;
    if (used != null) {
      used.close(why);
    }
  }

  /** Ends the exchange after a failed read and answers what its reader is to be told. */
  IOException broken(IOException e) {
    abort(e);
    return end.get() instanceof End.Aborted(IOException why) ? why : e;
  }

  private void unwatch() {
    Future<?> current = watch;
    if (current != null) {
      current.cancel(false);
    }
  }

  @Override
  public int getStatusCode() {
    return head().status();
  }

  @Override
  public Map<String, List<String>> getHeaders() {
    return head().headers();
  }

  @Override
  public InputStream getBody() {
    return body();
  }

  /**
   * The way to the other side of an upgraded connection. Closing it ends this direction only: the
   * process sees the end of its stdin, and its output still comes.
   *
   * @throws IllegalStateException when the response was not an upgrade
   */
  public OutputStream input() {
    Connection used = connection;
    if (used == null || !upgraded) {
      throw new IllegalStateException(name + " was not upgraded");
    }
    return new UpgradedInput(used);
  }

  /** Wakes whoever reads the body. The connection is kept for others when little was left. */
  @Override
  public void close() {
    if (active() && deadline instanceof Deadline.Total && !upgraded) {
      drain();
    }
    abort(new RequestCancelledException(name + " was closed by its reader"));
    Connection used = connection;
    if (used != null && upgraded) {
      used.close();
    }
  }

  /** A JSON reader stops at the closing brace and leaves the line end and the last chunk. */
  private void drain() {
    byte[] rest = new byte[1024];
    try {
      int drained = 0;
      while (drained < DRAIN_LIMIT) {
        int count = body().read(rest, 0, rest.length);
        if (count < 0) {
          return;
        }
        drained += count;
      }
    } catch (IOException e) {
      abort(e);
    }
  }

  private ResponseHead head() {
    if (head == null) {
      throw new IllegalStateException(name + " has no response yet");
    }
    return head;
  }

  private ResponseBody body() {
    if (body == null) {
      throw new IllegalStateException(name + " has no response yet");
    }
    return body;
  }

  @Override
  public String toString() {
    return name;
  }

  private static final class UpgradedInput extends OutputStream {
    private final Connection connection;
    private boolean closed;

    UpgradedInput(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      connection.write(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        if (connection.open()) {
          connection.halfClose();
        }
      }
    }
  }
}
