package io.intermodal.server.forward;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.server.grpc.ErrorStatus;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A call that is answered here, as if an engine had: with messages that a virtual thread works out,
 * at the pace of the caller. What it throws becomes the status.
 */
public final class ComputedCall extends ClientCall<byte[], byte[]> {
  private final String rpc;
  private final Callable<List<byte[]>> work;
  private @Nullable Listener<byte[]> caller;
  private @Nullable Iterator<byte[]> answer;
  private int wanted;
  private boolean delivering;
  private boolean ended;

  /**
   * @param rpc its bare name
   * @param work may wait, and may throw a {@link io.intermodal.runtime.CriException}
   */
  public ComputedCall(String rpc, Callable<List<byte[]>> work) {
    this.rpc = rpc;
    this.work = work;
  }

  @Override
  public void start(Listener<byte[]> listener, Metadata headers) {
    synchronized (this) {
      caller = listener;
    }
    // Within the caller's context: what the work asks for ends with the caller.
    Thread.ofVirtual().name(rpc).start(Context.current().wrap(this::answer));
  }

  private void answer() {
    List<byte[]> messages;
    try {
      messages = work.call();
    } catch (Throwable failure) {
      end(ErrorStatus.of(rpc, failure).getStatus());
      return;
    }
    Listener<byte[]> listener;
    synchronized (this) {
      listener = caller;
      if (ended || listener == null) {
        return;
      }
    }
    listener.onHeaders(new Metadata());
    synchronized (this) {
      answer = messages.iterator();
    }
    deliver();
  }

  @Override
  public void request(int messages) {
    synchronized (this) {
      wanted += messages;
    }
    deliver();
  }

  /** One thread at a time delivers; one that asks for more meanwhile leaves that to it. */
  private void deliver() {
    synchronized (this) {
      if (delivering) {
        return;
      }
      delivering = true;
    }
    Iterator<byte[]> messages;
    Listener<byte[]> listener;
    while (true) {
      byte[] next;
      synchronized (this) {
        messages = answer;
        listener = caller;
        if (messages == null || listener == null || ended) {
          delivering = false;
          return;
        }
        if (messages.hasNext() && wanted == 0) {
          delivering = false;
          return;
        }
        if (!messages.hasNext()) {
          break;
        }
        wanted--;
        next = messages.next();
      }
      listener.onMessage(next);
    }
    end(Status.OK);
  }

  private void end(Status status) {
    Listener<byte[]> listener;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      listener = caller;
    }
    if (listener != null) {
      listener.onClose(status, new Metadata());
    }
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    end(Status.CANCELLED.withDescription(message).withCause(cause));
  }

  @Override
  public void sendMessage(byte[] message) {
    // The work knows what was asked.
  }

  @Override
  public void halfClose() {}
}
