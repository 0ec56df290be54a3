package io.intermodal.server.forward.repair;

import io.grpc.ClientCall;
import io.grpc.Status;
import io.intermodal.server.forward.ComputedCall;
import io.intermodal.server.forward.UnaryAnswer;
import io.intermodal.server.wire.Fields;
import io.intermodal.server.wire.Frames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Answers the RPCs that stream a list from the one that gives it whole, in pieces. Both have the
 * same request, and an answer whose first field is the list: nothing is decoded but the length of
 * each item. An engine's message of 16 MiB stays the bound.
 */
final class StreamFromList implements Repair {
  /** Each streaming RPC and the one that it stands for. */
  static final Map<String, String> LISTS =
      Map.of(
          "StreamPodSandboxes", "ListPodSandbox",
          "StreamContainers", "ListContainers",
          "StreamContainerStats", "ListContainerStats",
          "StreamPodSandboxStats", "ListPodSandboxStats",
          "StreamPodSandboxMetrics", "ListPodSandboxMetrics",
          "StreamImages", "ListImages");

  private static final int LARGEST_PIECE = 512 << 10;

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
    String list = LISTS.get(call.rpc());
    // The deadline and the cancellation of the caller's context come along by themselves.
    CompletableFuture<byte[]> whole =
        UnaryAnswer.of(
            call.engine(),
            Frames.method(stream.substring(0, stream.indexOf('/') + 1) + list),
            request,
            PATIENCE);
    try {
      return Fields.pieces(whole.get(), LARGEST_PIECE);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
