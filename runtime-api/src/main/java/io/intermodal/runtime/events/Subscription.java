package io.intermodal.runtime.events;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader's place in a {@link Broadcast}: what it has not taken yet, and how it ends.
 *
 * @param <E> what is published
 */
public final class Subscription<E> implements AutoCloseable {
  private final int bound;
  private final Consumer<Subscription<E>> leave;
  private final Queue<E> waiting = new ArrayDeque<>();
  private @Nullable CriException end;
  private boolean closed;

  Subscription(int bound, Consumer<Subscription<E>> leave) {
    this.bound = bound;
    this.leave = leave;
  }

  /**
   * Waits until there is an event and the reader is ready for it, and takes it. A reader that is
   * not ready is still told at once when there will be no more events.
   *
   * @param ready whether the reader can take an event now; asked again after {@link #readerChanged}
   * @return empty when the reader has closed the subscription
   * @throws CriException RESOURCE_EXHAUSTED when the reader was too slow, or what {@link #end} was
   *     given; what was still waiting is dropped
   */
  public synchronized Optional<E> next(BooleanSupplier ready) throws InterruptedException {
    while (!closed) {
      if (end != null) {
        throw end;
      }
      if (!waiting.isEmpty() && ready.getAsBoolean()) {
        return Optional.of(waiting.remove());
      }
      wait();
    }
    return Optional.empty();
  }

  /** The reader may have become ready. */
  public synchronized void readerChanged() {
    notifyAll();
  }

  void offer(E event) {
    boolean full;
    synchronized (this) {
      full = waiting.size() >= bound;
      if (!full && !closed && end == null) {
        waiting.add(event);
        notifyAll();
      }
    }
    if (full) {
      end(
          new CriException(
              Code.RESOURCE_EXHAUSTED,
              "%d events are waiting to be read: subscribe anew, then list again what there is"
                  .formatted(bound)));
    }
  }

  /**
   * Ends the stream for this reader: {@link #next} throws this from now on. The first end stays.
   */
  public void end(CriException why) {
    synchronized (this) {
      if (end == null) {
        end = why;
      }
      waiting.clear();
      notifyAll();
    }
    leave.accept(this);
  }

  /** The reader wants no more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      waiting.clear();
      notifyAll();
    }
    leave.accept(this);
  }
}
