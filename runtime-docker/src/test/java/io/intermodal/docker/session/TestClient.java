package io.intermodal.docker.session;

import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.TerminalSize;
import io.intermodal.runtime.streaming.WantedStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that a test plays: it types, reads, resizes its terminal and goes away. */
class TestClient implements SessionStreams {
  static final WantedStreams OUTPUT = new WantedStreams(false, true, true, false);
  static final WantedStreams ALL = new WantedStreams(true, true, true, false);
  static final WantedStreams TERMINAL = new WantedStreams(true, true, false, true);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WantedStreams wanted;
  private final Deque<byte[]> typed = new ArrayDeque<>();
  private final Taken stdout = new Taken();
  private final Taken stderr = new Taken();
  private final List<Runnable> onGone = new ArrayList<>();
  private @Nullable TerminalSize size;
  private @Nullable Consumer<TerminalSize> onResize;
  private boolean typedAll;
  private boolean gone;
  private int reading;

  TestClient(WantedStreams wanted) {
    this.wanted = wanted;
  }

  synchronized TestClient type(byte[] bytes) {
    typed.add(bytes.clone());
    notifyAll();
    return this;
  }

  TestClient type(String text) {
    return type(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  synchronized TestClient endInput() {
    typedAll = true;
    notifyAll();
    return this;
  }

  void resize(int width, int height) {
    Consumer<TerminalSize> listener;
    synchronized (this) {
      size = new TerminalSize(width, height);
      listener = onResize;
    }
    if (listener != null) {
      listener.accept(new TerminalSize(width, height));
    }
  }

  void leave() {
    List<Runnable> actions;
    synchronized (this) {
      gone = true;
      actions = List.copyOf(onGone);
      notifyAll();
    }
    actions.forEach(Runnable::run);
  }

  synchronized byte[] output() {
    return stdout.bytes.toByteArray();
  }

  String outputText() {
    return new String(output(), StandardCharsets.ISO_8859_1);
  }

  synchronized String errorText() {
    return stderr.bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Waits until the output contains this. */
  void awaitOutput(String text) throws InterruptedException {
    await("output with \"" + text + "\"", () -> outputText().contains(text));
  }

  /** Waits until nobody waits for what is typed. */
  void awaitNobodyReads() throws InterruptedException {
    await("nobody reading", () -> reading == 0);
  }

  private synchronized void await(String what, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new AssertionError("no " + what + "; so far: " + outputText() + errorText());
      }
      wait(left);
    }
  }

  @Override
  public WantedStreams wanted() {
    return wanted;
  }

  @Override
  public InputStream stdin() {
    return new Typed();
  }

  @Override
  public OutputStream stdout() {
    return stdout;
  }

  @Override
  public OutputStream stderr() {
    return stderr;
  }

  @Override
  public void onResize(Consumer<TerminalSize> listener) {
    TerminalSize known;
    synchronized (this) {
      onResize = listener;
      known = size;
    }
    if (known != null) {
      listener.accept(known);
    }
  }

  @Override
  public void onGone(Runnable action) {
    synchronized (this) {
      if (!gone) {
        onGone.add(action);
        return;
      }
    }
    action.run();
  }

  private final class Taken extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] written, int offset, int length) throws IOException {
      synchronized (TestClient.this) {
        if (gone) {
          throw new IOException("this client has gone");
        }
        bytes.write(written, offset, length);
        TestClient.this.notifyAll();
      }
    }
  }

  private final class Typed extends InputStream {
    private int at;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      synchronized (TestClient.this) {
        reading++;
        try {
          while (typed.isEmpty() && !typedAll && !gone) {
            TestClient.this.wait();
          }
        } catch (InterruptedException e) {
          throw (IOException) new InterruptedIOException().initCause(e);
        } finally {
          reading--;
          TestClient.this.notifyAll();
        }
        if (gone) {
          throw new IOException("this client has gone");
        }
        byte[] next = typed.peek();
        if (next == null) {
          return -1;
        }
        int count = Math.min(length, next.length - at);
        System.arraycopy(next, at, into, offset, count);
        at += count;
        if (at == next.length) {
          typed.remove();
          at = 0;
        }
        return count;
      }
    }
  }
}
