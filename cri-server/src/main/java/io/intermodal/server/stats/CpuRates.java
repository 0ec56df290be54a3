package io.intermodal.server.stats;

import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many CPUs are in use now, from what was used before. For each container or pod the last two
 * readings are kept that are at least a second apart, and a rate is taken over the younger one that
 * is a second old: whoever asks often shortens nobody's interval to nothing.
 */
final class CpuRates {
  private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST = 16384;

  private final ConcurrentHashMap<String, Samples> known = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  CpuRates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The rate since an earlier reading, which this one becomes for those that come.
   *
   * @param id of the container or pod
   * @param usage CPU time until now, in ns
   * @return in billionths of a CPU; empty when there was no reading a second ago or more
   */
  OptionalLong rate(String id, long usage) {
    Sample now = new Sample(nanoTime.getAsLong(), usage);
    if (known.size() >= MOST && !known.containsKey(id)) {
      return OptionalLong.empty();
    }
    Samples samples = known.computeIfAbsent(id, key -> new Samples());
    Sample base = samples.baseOf(now);
    return base == null ? OptionalLong.empty() : OptionalLong.of(rate(base, now));
  }

  private static long rate(Sample base, Sample now) {
    double part = (double) (now.usage - base.usage) / (now.at - base.at);
    return Math.round(part * TimeUnit.SECONDS.toNanos(1));
  }

  void forget(String id) {
    known.remove(id);
  }

  private record Sample(long at, long usage) {}

  private static final class Samples {
    private @Nullable Sample older;
    private @Nullable Sample newer;

    private synchronized @Nullable Sample baseOf(Sample now) {
      if (newer != null && now.usage < newer.usage) {
        // It began again from 0: a container that was started once more.
        older = null;
        newer = null;
      }
      if (newer == null || now.at - newer.at >= SHORTEST) {
        older = newer;
        newer = now;
      }
      return older;
    }
  }
}
