package io.intermodal.runtime.streaming;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client that sends nothing, and keeps what it is told up to a bound; more is dropped, so that
 * the process goes on. {@link #leave} ends the session.
 */
public final class CollectedOutput implements SessionStreams {
  private final int limit;
  private final ByteString.Output stdout = ByteString.newOutput();
  private final ByteString.Output stderr = ByteString.newOutput();
  private final List<Runnable> onGone = new ArrayList<>();
  private boolean gone;

  /**
   * Keeps nothing yet.
   *
   * @param limit how many bytes of output and errors together are kept
   */
  public CollectedOutput(int limit) {
    this.limit = limit;
  }

  /** Goes away, as a client does that hangs up. */
  public void leave() {
    List<Runnable> actions;
    synchronized (this) {
      gone = true;
      actions = List.copyOf(onGone);
      onGone.clear();
    }
    actions.forEach(Runnable::run);
  }

  /** What the process wrote. */
  public synchronized ByteString output() {
    return stdout.toByteString();
  }

  /** What the process wrote as errors. */
  public synchronized ByteString errors() {
    return stderr.toByteString();
  }

  @Override
  public WantedStreams wanted() {
    return new WantedStreams(false, true, true, false);
  }

  @Override
  public InputStream stdin() {
    return InputStream.nullInputStream();
  }

  @Override
  public OutputStream stdout() {
    return new Kept(stdout);
  }

  @Override
  public OutputStream stderr() {
    return new Kept(stderr);
  }

  /** {@inheritDoc} There is no terminal. */
  @Override
  public void onResize(Consumer<TerminalSize> listener) {}

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

  private final class Kept extends OutputStream {
    private final ByteString.Output into;

    Kept(ByteString.Output into) {
      this.into = into;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      synchronized (CollectedOutput.this) {
        if (gone) {
          throw new IOException("the caller has gone");
        }
        int room = limit - stdout.size() - stderr.size();
        into.write(bytes, offset, Math.min(length, room));
      }
    }
  }
}
