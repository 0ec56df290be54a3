package io.intermodal.server.forward;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that can go a second way when the first one was refused: the caller then hears of the
 * second only. An engine that has begun to answer has not refused. Only for calls with one request.
 */
public final class TwoWayCall extends ClientCall<byte[], byte[]> {
  private final ClientCall<byte[], byte[]> first;
  private final SecondWay secondWay;
  private final Metadata headers = new Metadata();
  private ClientCall<byte[], byte[]> current;
  private byte @Nullable [] request;
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

  public TwoWayCall(ClientCall<byte[], byte[]> first, SecondWay secondWay) {
    this.first = first;
    this.current = first;
    this.secondWay = secondWay;
  }

  @Override
  public void start(Listener<byte[]> caller, Metadata given) {
    // A call makes the headers that it is given its own.
    headers.merge(given);
    first.start(
        new Listener<>() {
          @Override
          public void onHeaders(Metadata answered) {
            answering = true;
            caller.onHeaders(answered);
          }

          @Override
          public void onMessage(byte[] message) {
            answering = true;
            caller.onMessage(message);
          }

          @Override
          public void onReady() {
            caller.onReady();
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            Optional<ClientCall<byte[], byte[]>> second = second(status);
            if (second.isPresent()) {
              begin(second.get(), caller);
            } else {
              caller.onClose(status, trailers);
            }
          }
        },
        given);
  }

  private synchronized Optional<ClientCall<byte[], byte[]>> second(Status status) {
    byte[] asked = request;
    return status.isOk() || answering || cancelled || !halfClosed || asked == null
        ? Optional.empty()
        : secondWay.after(status, asked);
  }

  private void begin(ClientCall<byte[], byte[]> second, Listener<byte[]> caller) {
    second.start(caller, headers);
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
    current.sendMessage(message);
  }

  @Override
  public synchronized void halfClose() {
    halfClosed = true;
    current.halfClose();
  }

  @Override
  public synchronized void cancel(@Nullable String message, @Nullable Throwable cause) {
    cancelled = true;
    current.cancel(message, cause);
  }

  @Override
  public synchronized boolean isReady() {
    return current.isReady();
  }
}
