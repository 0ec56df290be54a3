package io.intermodal.server.forward.repair;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ClientCall;
import io.intermodal.server.forward.RewordedAnswer;
import io.intermodal.server.wire.Fields;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Completes URLs of sessions that have no scheme or no host, which clients cannot reach. An
 * engine's streaming server is on this host. A URL with both, and one without a port, is left as it
 * is.
 */
final class ReachableUrls {
  static final Set<String> RPCS = Set.of("Exec", "Attach", "PortForward");

  /** In all three answers. */
  private static final int URL = 1;

  /** Scheme, host and port, and what is left; the first two may be missing. */
  private static final Pattern PARTS =
      Pattern.compile("(?:(https?):)?(?://)?(\\[[^\\]]*\\]|[^/:]*):(\\d{1,5})(/.*)?");

  private ReachableUrls() {}

  /** The call with such a URL completed in its answer; {@code rewritten} is told of each. */
  static ClientCall<byte[], byte[]> of(ClientCall<byte[], byte[]> call, Runnable rewritten) {
    return new RewordedAnswer(call, answer -> reachable(answer, rewritten));
  }

  private static byte[] reachable(byte[] answer, Runnable rewritten) {
    Optional<String> url = Fields.text(answer, URL).filter(text -> !text.isEmpty());
    Optional<String> completed = url.flatMap(ReachableUrls::completed);
    if (completed.isEmpty()) {
      return answer;
    }
    try {
      byte[] changed = Fields.withText(answer, URL, completed.get());
      rewritten.run();
      return changed;
    } catch (InvalidProtocolBufferException e) {
      // Its URL was read, so it is a message; were it none, it is the caller's to find out.
      return answer;
    }
  }

  /** The URL with what it lacks; empty when it lacks nothing, or too much. */
  static Optional<String> completed(String url) {
    Matcher parts = PARTS.matcher(url);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String scheme = parts.group(1) == null ? "http" : parts.group(1);
    String host = parts.group(2).isEmpty() ? "127.0.0.1" : parts.group(2);
    String path = parts.group(4) == null ? "" : parts.group(4);
    String whole = scheme + "://" + host + ":" + parts.group(3) + path;
    return whole.equals(url) ? Optional.empty() : Optional.of(whole);
  }
}
