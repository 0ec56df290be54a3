package io.intermodal.server.forward;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One request of the server's own, and its one answer. */
public final class UnaryAnswer {
  private UnaryAnswer() {}

  /**
   * Asks. Cancelling the future hangs up.
   *
   * @return fails with a {@link io.grpc.StatusRuntimeException}
   */
  public static CompletableFuture<byte[]> of(
      CriCalls calls, MethodDescriptor<byte[], byte[]> method, byte[] request, Duration patience) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
    var answer = ClientCalls.futureUnaryCall(calls.open(method, options), request);
    CompletableFuture<byte[]> future = new CompletableFuture<>();
    Futures.addCallback(
        answer,
        new FutureCallback<>() {
          @Override
          public void onSuccess(byte[] message) {
            future.complete(message);
          }

          @Override
          public void onFailure(Throwable failure) {
            future.completeExceptionally(failure);
          }
        },
        MoreExecutors.directExecutor());
    var _ =
        future.whenComplete((_, _) -> {
          if (future.isCancelled()) {
            answer.cancel(true);
          }
        });
    return future;
  }
}
