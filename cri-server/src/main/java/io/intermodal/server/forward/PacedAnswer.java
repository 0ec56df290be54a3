package io.intermodal.server.forward;

import io.grpc.ClientCall.Listener;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a call that is answered here tells its caller: in order, one thing at a time, and messages
 * at the caller's pace. Threads that have something to say leave it to the one that is telling.
 */
public final class PacedAnswer {
  private final Listener<byte[]> caller;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int wanted;
  private boolean headersDue;
  private boolean headersSent;
  private @Nullable Status end;
  private boolean cut;
  private boolean telling;
  private boolean ended;

  public PacedAnswer(Listener<byte[]> caller) {
    this.caller = caller;
  }

  /** The headers come first; a message brings them along. */
  public void headers() {
    synchronized (this) {
      headersDue = true;
    }
    tell();
  }

  /** The caller has room for so many messages more. */
  public void request(int messages) {
    synchronized (this) {
      wanted += messages;
    }
    tell();
  }

  /** One more message. What comes after the end is dropped. */
  public void message(byte[] bytes) {
    later(() -> caller.onMessage(bytes));
  }

  /** The same; {@code told} runs when the caller has been told. */
  public void message(byte[] bytes, Runnable told) {
    later(() -> {
      caller.onMessage(bytes);
      told.run();
    });
  }

  private void later(Runnable message) {
    synchronized (this) {
      if (end != null) {
        return;
      }
      headersDue = true;
      waiting.add(message);
    }
    tell();
  }

  /** How many messages wait for the caller. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** The end, after the messages that wait. The first end stays. */
  public void end(Status status) {
    synchronized (this) {
      if (end == null) {
        end = status;
      }
    }
    tell();
  }

  /** The end at once, whatever was to be: messages that wait are dropped. The first cut stays. */
  public void cut(Status status) {
    synchronized (this) {
      if (!cut && !ended) {
        cut = true;
        waiting.clear();
        end = status;
      }
    }
    tell();
  }

  private void tell() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
      synchronized (this) {
        telling = false;
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    if (telling || ended) {
      return null;
    }
    Status status = end;
    Runnable next = null;
    if (headersDue && !headersSent) {
      headersSent = true;
      next = () -> caller.onHeaders(new Metadata());
    } else if (wanted > 0 && !waiting.isEmpty()) {
      wanted--;
      next = waiting.remove();
    } else if (status != null && waiting.isEmpty()) {
      ended = true;
      next = () -> caller.onClose(status, new Metadata());
    }
    telling = next != null;
    return next;
  }
}
