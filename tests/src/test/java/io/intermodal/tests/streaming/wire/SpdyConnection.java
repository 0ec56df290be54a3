package io.intermodal.tests.streaming.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The client's side of a SPDY/3.1 connection, with the habits of Go's client: it sends no
 * WINDOW_UPDATE and heeds none, so that only the connection itself holds anybody up; when one
 * stream is not read, all wait.
 */
public final class SpdyConnection implements AutoCloseable {
  private static final long PING_SECONDS = 10;

  /** The status of a RST_STREAM that is no error. */
  static final int CANCEL = 5;

  private final Wire wire;
  private final SpdyHeaders sentHeaders = new SpdyHeaders();
  private final SpdyHeaders receivedHeaders = new SpdyHeaders();
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<Boolean>> pings = new ConcurrentHashMap<>();

  /** Numbers and the state of compression must be used in the order of the frames. */
  private final Lock opening = new ReentrantLock();

  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private int lastStream = -1;
  private int lastPing = -1;
  private volatile boolean goneAway;
  private volatile boolean closed;

  private SpdyConnection(Wire wire) {
    this.wire = wire;
  }

  /** Starts to read; the wire belongs to the connection from now on. */
  public static SpdyConnection over(Wire wire) {
    SpdyConnection connection = new SpdyConnection(wire);
    Thread.ofVirtual().name("spdy reader").start(connection::read);
    return connection;
  }

  /** Opens a stream and waits until the server has agreed. */
  public SpdyStream open(Map<String, String> headers) throws IOException {
    SpdyStream stream;
    opening.lock();
    try {
      lastStream += 2;
      stream = new SpdyStream(this, lastStream, headers.toString());
      streams.put(lastStream, stream);
      send(SpdyFrame.newStream(lastStream, sentHeaders.compressed(headers)));
    } finally {
      opening.unlock();
    }
    if (ended.isDone()) {
      stream.fail(new IOException("the connection has ended"));
    }
    stream.awaitReply();
    return stream;
  }

  /** Sends a ping and waits for its echo. */
  public void ping() throws IOException {
    CompletableFuture<Boolean> echo = new CompletableFuture<>();
    int number;
    opening.lock();
    try {
      lastPing += 2;
      number = lastPing;
    } finally {
      opening.unlock();
    }
    pings.put(number, echo);
    send(SpdyFrame.control(SpdyFrame.PING, number));
    await(echo, "PING " + number + " came back");
  }

  /** Waits until the server has closed the connection; returns whether it said GOAWAY before. */
  public boolean awaitEnd() throws IOException {
    await(ended, "the server closed the connection");
    return goneAway;
  }

  private static void await(CompletableFuture<Boolean> event, String what) throws IOException {
    try {
      var _ = event.get(PING_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("not within " + PING_SECONDS + " s: " + what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  void send(SpdyFrame frame) throws IOException {
    wire.write(frame.encoded());
  }

  private void read() {
    IOException failure = new IOException("the connection ended before the stream");
    try (DataInputStream in = new DataInputStream(wire.in())) {
      Optional<SpdyFrame> frame = SpdyFrame.read(in);
      while (frame.isPresent()) {
        received(frame.get());
        frame = SpdyFrame.read(in);
      }
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SpdyStream stream : streams.values()) {
      stream.fail(failure);
    }
    ended.complete(true);
  }

  private void received(SpdyFrame frame) throws IOException, InterruptedException {
    switch (frame.type()) {
      case SpdyFrame.DATA -> {
        SpdyStream stream = streams.get(frame.stream());
        if (stream == null) {
          throw new IOException("data for a stream that was never opened: " + frame);
        }
        stream.received(frame.body());
        endIfLast(stream, frame);
      }
      case SpdyFrame.SYN_REPLY -> {
        SpdyStream stream = known(frame);
        stream.replied(receivedHeaders.read(tail(frame)));
        endIfLast(stream, frame);
      }
      case SpdyFrame.HEADERS -> {
        var _ = receivedHeaders.read(tail(frame));
      }
      case SpdyFrame.RST_STREAM -> {
        int why = frame.number(4);
        if (why == CANCEL) {
          // The Kubernetes library's way to end all streams at a session's end.
          known(frame).end();
        } else {
          known(frame).fail(new IOException("reset by the server with " + why));
        }
      }
      case SpdyFrame.PING -> {
        CompletableFuture<Boolean> echo = pings.remove(frame.number(0));
        if (echo == null) {
          send(frame);
        } else {
          echo.complete(true);
        }
      }
      case SpdyFrame.GOAWAY -> {
        goneAway = true;
      }
      case SpdyFrame.SETTINGS, SpdyFrame.WINDOW_UPDATE -> {}
      default -> throw new IOException("a frame that servers do not send: " + frame);
    }
  }

  private SpdyStream known(SpdyFrame frame) throws IOException {
    SpdyStream stream = streams.get(frame.number(0));
    if (stream == null) {
      throw new IOException(frame + " for stream " + frame.number(0) + ", which was never opened");
    }
    return stream;
  }

  private static byte[] tail(SpdyFrame frame) {
    byte[] body = frame.body();
    byte[] tail = new byte[body.length - 4];
    System.arraycopy(body, 4, tail, 0, tail.length);
    return tail;
  }

  private static void endIfLast(SpdyStream stream, SpdyFrame frame) {
    if (frame.last()) {
      stream.end();
    }
  }

  /** Cuts the connection without a word. */
  public void vanish() {
    closed = true;
    wire.vanish();
    streams.values().forEach(SpdyStream::abandon);
  }

  /** Says GOAWAY and closes the connection. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        send(SpdyFrame.control(SpdyFrame.GOAWAY, 0, 0));
      } catch (IOException e) {
        // The server closed it first.
      }
      wire.close();
    }
    streams.values().forEach(SpdyStream::abandon);
  }
}
