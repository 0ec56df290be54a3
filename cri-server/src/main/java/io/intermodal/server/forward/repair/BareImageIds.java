package io.intermodal.server.forward.repair;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.intermodal.server.wire.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says an image's id without its {@code sha256:} to an engine that does not know it with: clients
 * have it so from other engines, and from CRI itself.
 */
final class BareImageIds extends SimpleForwardingClientCall<byte[], byte[]> {
  /** For each RPC with an image in its request the way there: fields inside of each other. */
  private static final Map<String, List<Integer>> PATHS =
      Map.of(
          "ImageStatus", List.of(1, 1),
          "RemoveImage", List.of(1, 1),
          "CreateContainer", List.of(2, 2, 1));

  static final Set<String> RPCS = PATHS.keySet();

  private static final String PREFIX = "sha256:";
  private static final Pattern ID = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  private final List<Integer> path;
  private final Runnable changed;

  /**
   * @param rpc one of {@link #RPCS}
   * @param changed runs when an id is said otherwise
   */
  BareImageIds(String rpc, ClientCall<byte[], byte[]> call, Runnable changed) {
    super(call);
    this.path = PATHS.getOrDefault(rpc, List.of());
    this.changed = changed;
  }

  @Override
  public void sendMessage(byte[] request) {
    Optional<byte[]> bare;
    try {
      bare = bare(request, path);
    } catch (InvalidProtocolBufferException e) {
      // No such request: the engine is the one to say so.
      bare = Optional.empty();
    }
    bare.ifPresent(_ -> changed.run());
    super.sendMessage(bare.orElse(request));
  }

  /** The message with a bare id at the end of the path; empty when there is none with a prefix. */
  private static Optional<byte[]> bare(byte[] message, List<Integer> path)
      throws InvalidProtocolBufferException {
    int field = path.getFirst();
    if (path.size() == 1) {
      Optional<String> id = Fields.text(message, field).filter(text -> ID.matcher(text).matches());
      return id.isEmpty()
          ? Optional.empty()
          : Optional.of(Fields.withText(message, field, id.get().substring(PREFIX.length())));
    }
    Optional<byte[]> inner = Fields.bytes(message, field);
    Optional<byte[]> changed =
        inner.isEmpty() ? Optional.empty() : bare(inner.get(), path.subList(1, path.size()));
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(Fields.with(message, field, changed.get()));
  }
}
