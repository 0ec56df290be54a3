package io.intermodal.server.report;

import io.grpc.Status;
import io.intermodal.server.grpc.RequestMeter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Remembers the last {@value #KEPT} calls that callers made to each engine, without an allocation
 * for a call. Calls that several engines answered together are none of one engine's.
 */
public final class RecentCalls implements RequestMeter {
  static final int KEPT = 100;

  /** Lasts as long as its caller wants, which says nothing of the engine. */
  private static final String ENDLESS = "GetContainerEvents";

  private final Map<String, Ring> rings;

  /**
   * @param engines whose calls are remembered
   */
  public RecentCalls(List<String> engines) {
    rings =
        engines.stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), _ -> new Ring()));
  }

  @Override
  public void began(String rpc) {}

  @Override
  public void ended(String rpc, String engine, Status.Code code, long nanos) {
    Ring ring = rings.get(engine);
    if (ring != null && !rpc.equals(ENDLESS)) {
      // A caller that leaves is no failure of the engine.
      ring.add(rpc, code != Status.Code.OK && code != Status.Code.CANCELLED, nanos);
    }
  }

  /** The last calls to an engine; empty when there was none. */
  Optional<CallTimes> of(String engine) {
    return Optional.ofNullable(rings.get(engine)).flatMap(Ring::times);
  }

  /** The newest call is written over the oldest one. */
  private static final class Ring {
    private final String[] rpcs = new String[KEPT];
    private final boolean[] failed = new boolean[KEPT];
    private final long[] nanos = new long[KEPT];
    private int next;
    private int count;

    synchronized void add(String rpc, boolean didFail, long took) {
      rpcs[next] = rpc;
      failed[next] = didFail;
      nanos[next] = took;
      next = (next + 1) % KEPT;
      count = Math.min(count + 1, KEPT);
    }

    synchronized Optional<CallTimes> times() {
      if (count == 0) {
        return Optional.empty();
      }
      int failures = 0;
      int slowest = 0;
      for (int i = 0; i < count; i++) {
        failures += failed[i] ? 1 : 0;
        slowest = nanos[i] > nanos[slowest] ? i : slowest;
      }
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return Optional.of(
          new CallTimes(
              count,
              failures,
              Duration.ofNanos(sorted[(count - 1) / 2]),
              Duration.ofNanos(nanos[slowest]),
              rpcs[slowest]));
    }
  }
}
