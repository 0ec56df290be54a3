package io.intermodal.server.dispatch;

import io.grpc.Context;
import io.grpc.Deadline;
import io.intermodal.runtime.Call;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The caller's side of a request, as gRPC knows it. */
record GrpcCall(Context context) implements Call {
  @Override
  public Optional<Duration> remaining() {
    return Optional.ofNullable(context.getDeadline()).map(GrpcCall::left);
  }

  @Override
  public boolean cancelled() {
    return gone(context);
  }

  @Override
  public void onCancel(Runnable action) {
    context.addListener(
        ended -> {
          if (gone(ended)) {
            action.run();
          }
        },
        // Away from the event loop and the timer that notice it.
        Thread::startVirtualThread);
  }

  /** A context also ends with the answer, but then without a cause. */
  private static boolean gone(Context context) {
    return context.isCancelled() && context.cancellationCause() != null;
  }

  private static Duration left(Deadline deadline) {
    return Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }
}
