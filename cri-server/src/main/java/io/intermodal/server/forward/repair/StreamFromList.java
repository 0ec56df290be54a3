package io.intermodal.server.forward.repair;

import io.grpc.ClientCall;
import io.grpc.Status;
import io.intermodal.server.forward.ComputedCall;
import io.intermodal.server.forward.UnaryAnswer;
import io.intermodal.server.wire.Frames;
import io.intermodal.server.wire.ListStreams;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Answers the RPCs that stream a list from the one that gives it whole, in pieces. Both have the
 * same request, and an answer whose first field is the list: nothing is decoded but the length of
 * each item. An engine's message of 16 MiB stays the bound.
 */
final class StreamFromList implements Repair {
  /** Of a caller that has none: as long as a kubelet waits for an answer. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public Optional<ClientCall<byte[], byte[]>> instead(
      Refused call, byte[] request, Status refusal) {
    if (refusal.getCode() != Status.Code.UNIMPLEMENTED) {
      return Optional.empty();
    }
    return Optional.of(new ComputedCall(call.rpc(), () -> list(call, request)));
  }

  private static List<byte[]> list(Refused call, byte[] request) throws Exception {
    String stream = call.method().getFullMethodName();
    String list = ListStreams.listOf(call.rpc()).orElseThrow();
    // The deadline and the cancellation of the caller's context come along by themselves.
    CompletableFuture<byte[]> whole =
        UnaryAnswer.of(
            call.engine(),
            Frames.method(stream.substring(0, stream.indexOf('/') + 1) + list),
            request,
            PATIENCE);
    try {
      return ListStreams.pieces(whole.get());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
