package io.intermodal.runtime.events;

import io.intermodal.runtime.CriException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every event to every reader that has subscribed before it, in the order of publication.
 *
 * @param <E> what is published; it is shared by all readers, so it must not change
 */
public final class Broadcast<E> implements AutoCloseable {
  private final int queued;
  private final CriException closing;
  private final Set<Subscription<E>> readers = new HashSet<>();
  private volatile boolean anyone;
  private @Nullable CriException closed;

  /**
   * @param queued how many events wait for one reader before it counts as too slow
   * @param closing what readers are told when the broadcast is closed
   */
  public Broadcast(int queued, CriException closing) {
    this.queued = queued;
    this.closing = closing;
  }

  /** A reader of everything that is published from now on. It must be closed. */
  public synchronized Subscription<E> subscribe() {
    Subscription<E> reader = new Subscription<>(queued, this::leave);
    if (closed == null) {
      readers.add(reader);
      anyone = true;
    } else {
      reader.end(closed);
    }
    return reader;
  }

  /** Whether anyone reads: when not, an event need not even be made. */
  public boolean hasReaders() {
    return anyone;
  }

  /** How many read. */
  public synchronized int readers() {
    return readers.size();
  }

  /** Gives an event to all readers. Never waits for one. */
  public synchronized void publish(E event) {
    // A copy, because one that is too slow leaves meanwhile.
    for (Subscription<E> reader : List.copyOf(readers)) {
      reader.offer(event);
    }
  }

  private synchronized void leave(Subscription<E> reader) {
    readers.remove(reader);
    anyone = !readers.isEmpty();
  }

  /** Ends all readers, and those that come later. */
  @Override
  public synchronized void close() {
    closed = closing;
    for (Subscription<E> reader : List.copyOf(readers)) {
      reader.end(closing);
    }
  }
}
