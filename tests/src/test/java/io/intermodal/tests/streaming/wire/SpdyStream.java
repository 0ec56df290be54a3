package io.intermodal.tests.streaming.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream of a SPDY connection, opened by the client. */
public final class SpdyStream {
  /** Go's client copies in pieces of this size. */
  private static final int PIECE = 32 << 10;

  private static final long REPLY_SECONDS = 30;

  private final SpdyConnection connection;
  private final int number;
  private final Inbox inbox;
  private final CompletableFuture<Map<String, String>> reply = new CompletableFuture<>();

  SpdyStream(SpdyConnection connection, int number, String name) {
    this.connection = connection;
    this.number = number;
    this.inbox = new Inbox("stream " + number + " (" + name + ")");
  }

  /**
   * What the server sends; its end is the server's last frame. A reset for an error is an
   * exception.
   */
  public InputStream in() {
    return inbox;
  }

  /** Sends; closing it says that nothing more comes, and leaves the other direction open. */
  public OutputStream out() {
    return new Out();
  }

  /** Says that nothing is sent or wanted any more. */
  public void reset() throws IOException {
    inbox.close();
    connection.send(SpdyFrame.control(SpdyFrame.RST_STREAM, number, SpdyConnection.CANCEL));
  }

  /** Waits for the server's answer to the opening. */
  void awaitReply() throws IOException {
    try {
      var _ = reply.get(REPLY_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no SYN_REPLY for stream " + number, e);
    } catch (ExecutionException e) {
      throw new IOException("stream " + number + " was not opened", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  void replied(Map<String, String> headers) {
    reply.complete(headers);
  }

  void received(byte[] bytes) throws InterruptedException {
    inbox.put(bytes);
  }

  void end() {
    inbox.end();
  }

  void fail(IOException why) {
    reply.completeExceptionally(why);
    inbox.fail(why);
  }

  /** Drops what comes, so that nobody waits for a reader. */
  void abandon() {
    inbox.close();
  }

  private final class Out extends OutputStream {
    private boolean closed;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int end = offset + length;
      for (int start = offset; start < end; start += PIECE) {
        byte[] piece = Arrays.copyOfRange(bytes, start, Math.min(end, start + PIECE));
        connection.send(SpdyFrame.data(number, piece));
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        connection.send(SpdyFrame.end(number));
      }
    }
  }
}
