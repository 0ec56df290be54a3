package io.intermodal.server.forward;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.server.grpc.ErrorStatus;
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
  private @Nullable PacedAnswer answer;

  /**
   * @param rpc its bare name
   * @param work may wait, and may throw a {@link io.intermodal.runtime.CriException}
   */
  public ComputedCall(String rpc, Callable<List<byte[]>> work) {
    this.rpc = rpc;
    this.work = work;
  }

  @Override
  public void start(Listener<byte[]> caller, Metadata headers) {
    PacedAnswer paced = new PacedAnswer(caller);
    answer = paced;
    // Within the caller's context: what the work asks for ends with the caller.
    Thread.ofVirtual().name(rpc).start(Context.current().wrap(() -> answer(paced)));
  }

  private void answer(PacedAnswer paced) {
    List<byte[]> messages;
    try {
      messages = work.call();
    } catch (Throwable failure) {
      paced.end(ErrorStatus.of(rpc, failure).getStatus());
      return;
    }
    paced.headers();
    messages.forEach(paced::message);
    paced.end(Status.OK);
  }

  private PacedAnswer answer() {
    PacedAnswer paced = answer;
    if (paced == null) {
      throw new IllegalStateException("not started");
    }
    return paced;
  }

  @Override
  public void request(int messages) {
    answer().request(messages);
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    answer().cut(Status.CANCELLED.withDescription(message).withCause(cause));
  }

  @Override
  public void sendMessage(byte[] message) {
    // The work knows what was asked.
  }

  @Override
  public void halfClose() {}
}
