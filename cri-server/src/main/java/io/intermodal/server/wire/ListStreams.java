package io.intermodal.server.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The RPCs that stream a list, and for each the one that gives it whole. Both have the same
 * request, and an answer whose first field is the list.
 */
public final class ListStreams {
  private static final int LARGEST_PIECE = 512 << 10;

  private static final Map<String, String> LISTS =
      Map.of(
          "StreamPodSandboxes", "ListPodSandbox",
          "StreamContainers", "ListContainers",
          "StreamContainerStats", "ListContainerStats",
          "StreamPodSandboxStats", "ListPodSandboxStats",
          "StreamPodSandboxMetrics", "ListPodSandboxMetrics",
          "StreamImages", "ListImages");

  private ListStreams() {}

  /** The bare names of the RPCs that stream. */
  public static Set<String> streams() {
    return LISTS.keySet();
  }

  /** The bare names of those that give the whole. */
  public static Collection<String> lists() {
    return LISTS.values();
  }

  /** The RPC that gives the whole of what this one streams; empty when it streams no list. */
  public static Optional<String> listOf(String stream) {
    return Optional.ofNullable(LISTS.get(stream));
  }

  /** A whole list as the messages of its stream. */
  public static List<byte[]> pieces(byte[] list) throws InvalidProtocolBufferException {
    return Fields.pieces(list, LARGEST_PIECE);
  }
}
