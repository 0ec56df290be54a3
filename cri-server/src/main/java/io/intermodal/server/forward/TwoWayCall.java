package io.intermodal.server.forward;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that can go a second way when the first one was refused: the caller then hears of the
 * second only. An engine that has begun to answer has not refused. A call with several requests has
 * no second way: they are not kept.
 */
public final class TwoWayCall extends ClientCall<byte[], byte[]> {
  private final ClientCall<byte[], byte[]> first;
  private final SecondWay secondWay;
  private final Metadata headers = new Metadata();
  private ClientCall<byte[], byte[]> current;
  private final boolean oneRequest;
  private @Nullable Listener<byte[]> caller;
  // Of an engine that did not wait for the request, while it is not complete.
  private @Nullable Refusal early;
  private byte @Nullable [] request;
  private int requests;
  private boolean halfClosed;
  private boolean cancelled;
  private boolean answering;
  // What the caller asked for and has not been given.
  private int wanted;

  /** Decides what follows a refusal. */
  @FunctionalInterface
  public interface SecondWay {
    /**
     * A call to be made instead, not started; empty when the refusal stands.
     *
     * @param request of the caller
     */
    Optional<ClientCall<byte[], byte[]>> after(Status refusal, byte[] request);
  }

  private record Refusal(Status status, Metadata trailers) {}

  /**
   * Two ways.
   *
   * @param method of the call: a caller that has one request to send will send it
   */
  public TwoWayCall(
      MethodDescriptor<byte[], byte[]> method,
      ClientCall<byte[], byte[]> first,
      SecondWay secondWay) {
    this.oneRequest = method.getType().clientSendsOneMessage();
    this.first = first;
    this.current = first;
    this.secondWay = secondWay;
  }

  @Override
  public void start(Listener<byte[]> listener, Metadata given) {
    synchronized (this) {
      caller = listener;
    }
    // A call makes the headers that it is given its own.
    headers.merge(given);
    first.start(
        new Listener<>() {
          @Override
          public void onHeaders(Metadata answered) {
            answering = true;
            listener.onHeaders(answered);
          }

          @Override
          public void onMessage(byte[] message) {
            answering = true;
            listener.onMessage(message);
          }

          @Override
          public void onReady() {
            listener.onReady();
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            synchronized (TwoWayCall.this) {
              if (!status.isOk() && !answering && !cancelled && oneRequest && !halfClosed) {
                early = new Refusal(status, trailers);
                return;
              }
            }
            decide(status, trailers, listener);
          }
        },
        given);
  }

  private void decide(Status status, Metadata trailers, Listener<byte[]> listener) {
    Optional<ClientCall<byte[], byte[]>> second = second(status);
    if (second.isPresent()) {
      begin(second.get(), listener);
    } else {
      listener.onClose(status, trailers);
    }
  }

  private synchronized Optional<ClientCall<byte[], byte[]>> second(Status status) {
    byte[] asked = request;
    return status.isOk() || answering || cancelled || !halfClosed || requests != 1 || asked == null
        ? Optional.empty()
        : secondWay.after(status, asked);
  }

  private void begin(ClientCall<byte[], byte[]> second, Listener<byte[]> listener) {
    second.start(listener, headers);
    synchronized (this) {
      current = second;
      second.sendMessage(request == null ? new byte[0] : request);
      second.halfClose();
      if (cancelled) {
        second.cancel("the caller went away", null);
      } else if (wanted > 0) {
        second.request(wanted);
      }
    }
  }

  @Override
  public synchronized void request(int messages) {
    // Counted for the second way only, which begins with nothing delivered.
    wanted += messages;
    current.request(messages);
  }

  @Override
  public synchronized void sendMessage(byte[] message) {
    request = message;
    requests++;
    current.sendMessage(message);
  }

  @Override
  public void halfClose() {
    Refusal refusal;
    Listener<byte[]> listener;
    synchronized (this) {
      halfClosed = true;
      current.halfClose();
      refusal = early;
      early = null;
      listener = caller;
    }
    if (refusal != null && listener != null) {
      decide(refusal.status(), refusal.trailers(), listener);
    }
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    Refusal refusal;
    Listener<byte[]> listener;
    synchronized (this) {
      cancelled = true;
      current.cancel(message, cause);
      refusal = early;
      early = null;
      listener = caller;
    }
    if (refusal != null && listener != null) {
      listener.onClose(Status.CANCELLED.withDescription(message).withCause(cause), new Metadata());
    }
  }

  @Override
  public synchronized boolean isReady() {
    return current.isReady();
  }
}
