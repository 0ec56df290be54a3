package io.intermodal.server.forward;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import java.util.function.UnaryOperator;

/** A call whose answer reaches the caller in other words. */
public final class RewordedAnswer extends SimpleForwardingClientCall<byte[], byte[]> {
  private final UnaryOperator<byte[]> words;

  /**
   * @param words what the caller is told for what the engine said; must not throw
   */
  public RewordedAnswer(ClientCall<byte[], byte[]> call, UnaryOperator<byte[]> words) {
    super(call);
    this.words = words;
  }

  @Override
  public void start(Listener<byte[]> caller, Metadata headers) {
    super.start(
        new SimpleForwardingClientCallListener<>(caller) {
          @Override
          public void onMessage(byte[] message) {
            super.onMessage(words.apply(message));
          }
        },
        headers);
  }
}
