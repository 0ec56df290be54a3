package io.intermodal.server.dispatch;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.events.Subscription;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams that would never end by themselves. Closing it ends them, so that a server which
 * stops need not wait for its readers to leave; a reader that comes back meanwhile is refused.
 */
public final class OpenStreams implements AutoCloseable {
  private final Set<Subscription<?>> open = new HashSet<>();
  private boolean closed;

  synchronized void add(Subscription<?> stream) {
    if (closed) {
      stream.end(stopping());
    } else {
      open.add(stream);
    }
  }

  synchronized void remove(Subscription<?> stream) {
    open.remove(stream);
  }

  /** How many there are. */
  synchronized int count() {
    return open.size();
  }

  /** Ends all streams with UNAVAILABLE: to their readers that means to come again. */
  @Override
  public void close() {
    List<Subscription<?>> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(open);
    }
    all.forEach(stream -> stream.end(stopping()));
  }

  private static CriException stopping() {
    return new CriException(
        Code.UNAVAILABLE, "this server is stopping: subscribe anew when it is back, then list");
  }
}
