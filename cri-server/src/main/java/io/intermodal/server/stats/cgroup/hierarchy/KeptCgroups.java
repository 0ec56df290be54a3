package io.intermodal.server.stats.cgroup.hierarchy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.server.stats.files.FileText;
import io.intermodal.server.stats.files.KeptFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Keeps the files of cgroups open that are read often. The number of open files is bounded: what is
 * over it is opened for one reading. Nobody needs to say that a cgroup is gone: its files tell when
 * they are read, and are closed when nobody has read them for two minutes.
 */
final class KeptCgroups implements AutoCloseable {
  static final Duration IDLE = Duration.ofMinutes(2);

  private final ConcurrentHashMap<String, Kept> kept = new ConcurrentHashMap<>();
  private final BlockingQueue<FileText> texts = new ArrayBlockingQueue<>(4);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong lastSweep;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final int most;
  private final Function<CgroupPlace, Map<StatisticsFile, Path>> files;
  private final long idle;
  private final LongSupplier nanoTime;

  /**
   * @param most files that may be open
   * @param files where the files of a cgroup would be
   * @param idle after how long without a reading they are closed
   */
  KeptCgroups(
      int most,
      Function<CgroupPlace, Map<StatisticsFile, Path>> files,
      Duration idle,
      LongSupplier nanoTime) {
    this.idle = idle.toNanos();
    this.most = most;
    this.files = files;
    this.nanoTime = nanoTime;
    this.lastSweep = new AtomicLong(nanoTime.getAsLong());
    var _ = Thread.ofVirtual().name("kept-cgroups").start(this::sweepUntilClosed);
  }

  /** A quarter of what this process may open, and 4096 at most: 680 cgroups of version 1. */
  static int mostFiles() {
    long allowed =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount()
            : 0;
    return (int) Math.min(4096, allowed / 4);
  }

  /** What is read of one cgroup. */
  interface Reading<T> {
    /**
     * Reads.
     *
     * @param text to read with; not to be kept
     * @throws IOException when the cgroup has gone
     */
    Optional<T> of(KeptFiles<StatisticsFile> files, FileText text) throws IOException;
  }

  /**
   * Reads a cgroup; empty when it is gone. One that was made again at the same place is opened
   * again: the files kept are of the one before and say so by failing.
   */
  <T> Optional<T> read(CgroupPlace place, Reading<T> reading) {
    sweep();
    FileText used = texts.poll();
    FileText text = used == null ? new FileText() : used;
    try {
      return read(place, reading, text);
    } finally {
      // More than a few are not worth keeping.
      var _ = texts.offer(text);
    }
  }

  private <T> Optional<T> read(CgroupPlace place, Reading<T> reading, FileText text) {
    Kept known = kept.get(place.path());
    if (known != null) {
      known.lastRead = nanoTime.getAsLong();
      try {
        return reading.of(known.files, text);
      } catch (IOException e) {
        drop(place.path(), known);
      }
    }
    try {
      return readNew(place, reading, text);
    } catch (IOException e) {
      // It ended between opening and reading, or before: there is nothing to tell of it.
      return Optional.empty();
    }
  }

  private <T> Optional<T> readNew(CgroupPlace place, Reading<T> reading, FileText text)
      throws IOException {
    KeptFiles<StatisticsFile> opened = KeptFiles.open(StatisticsFile.class, files.apply(place));
    boolean stays = false;
    try {
      Optional<T> answer = reading.of(opened, text);
      stays = answer.isPresent() && keep(place.path(), opened);
      return answer;
    } finally {
      if (!stays) {
        opened.close();
      }
    }
  }

  private boolean keep(String path, KeptFiles<StatisticsFile> opened) {
    if (open.addAndGet(opened.count()) > most
        || kept.putIfAbsent(path, new Kept(opened, nanoTime.getAsLong())) != null) {
      open.addAndGet(-opened.count());
      return false;
    }
    return true;
  }

  private void drop(String path, Kept known) {
    if (kept.remove(path, known)) {
      open.addAndGet(-known.files.count());
      known.files.close();
    }
  }

  /** Readers sweep as well, but perhaps nobody reads any more. */
  private void sweepUntilClosed() {
    try {
      while (!closed.await(idle, TimeUnit.NANOSECONDS)) {
        sweep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sweep() {
    long now = nanoTime.getAsLong();
    long last = lastSweep.get();
    if (now - last > idle / 4 && lastSweep.compareAndSet(last, now)) {
      kept.forEach((path, known) -> {
        if (now - known.lastRead > idle) {
          drop(path, known);
        }
      });
    }
  }

  /** How many files are open now. */
  int openFiles() {
    return open.get();
  }

  @Override
  public void close() {
    closed.countDown();
    kept.forEach(this::drop);
  }

  private static final class Kept {
    private final KeptFiles<StatisticsFile> files;
    private volatile long lastRead;

    private Kept(KeptFiles<StatisticsFile> files, long lastRead) {
      this.files = files;
      this.lastRead = lastRead;
    }
  }
}
