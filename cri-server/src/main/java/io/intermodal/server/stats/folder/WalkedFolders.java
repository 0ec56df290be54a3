package io.intermodal.server.stats.folder;

import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.statistics.FolderSizes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sizes of folders, walked by one thread in the background. A folder is walked when somebody asked
 * for it and its last walk is ten seconds old, and ten times as old as the walk took: no folder
 * keeps the thread busy for more than a tenth of the time.
 *
 * <p>Bounds: 16384 folders are known, 1024 wait to be walked. Who asks for one more gets an empty
 * or an old answer, and asks again.
 */
public final class WalkedFolders implements FolderSizes, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WalkedFolders.class);

  private static final int MOST_KNOWN = 16384;
  private static final int MOST_WAITING = 1024;
  private static final int REST_FACTOR = 10;
  private static final Duration USUAL_REST = Duration.ofSeconds(10);

  private final ConcurrentHashMap<Path, Known> known = new ConcurrentHashMap<>();
  private final BlockingQueue<Path> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final long rest;
  private final Thread walker;
  private volatile boolean closed;

  private WalkedFolders(Clock clock, LongSupplier nanoTime, Duration rest) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.rest = rest.toNanos();
    this.walker = Thread.ofPlatform().name("folder-sizes").daemon().unstarted(this::walkAll);
  }

  /** Starts the walker. */
  public static WalkedFolders start(Clock clock) {
    return start(clock, System::nanoTime, USUAL_REST);
  }

  static WalkedFolders start(Clock clock, LongSupplier nanoTime, Duration rest) {
    WalkedFolders folders = new WalkedFolders(clock, nanoTime, rest);
    folders.walker.start();
    return folders;
  }

  @Override
  public Optional<FolderUse> of(Path folder) {
    return of(folder, false);
  }

  @Override
  public Optional<FolderUse> ofUnchanging(Path folder) {
    return of(folder, true);
  }

  private Optional<FolderUse> of(Path folder, boolean unchanging) {
    Known about = known.get(folder);
    if (about == null) {
      if (known.size() >= MOST_KNOWN) {
        return Optional.empty();
      }
      about = known.computeIfAbsent(folder, path -> new Known(nanoTime.getAsLong()));
    }
    FolderUse use = about.use;
    boolean enough = unchanging && use != null;
    if (!enough
        && nanoTime.getAsLong() - about.nextWalk >= 0
        && about.waits.compareAndSet(false, true)
        && !waiting.offer(folder)) {
      about.waits.set(false);
    }
    return Optional.ofNullable(use);
  }

  @Override
  public void forget(Path folder) {
    known.remove(folder);
  }

  private void walkAll() {
    try (FileStatus kernel = FileStatus.open().orElse(null)) {
      if (kernel == null) {
        log.warn("the C library has no statx: sizes of writable layers will be missing");
        return;
      }
      while (!closed) {
        Path folder = waiting.take();
        Known about = known.get(folder);
        if (about != null) {
          walk(folder, about, kernel);
        }
      }
    } catch (InterruptedException e) {
      log.debug("no folder will be measured any more");
    }
  }

  private void walk(Path folder, Known about, FileStatus kernel) {
    long begin = nanoTime.getAsLong();
    try {
      about.use =
          new FolderWalk(kernel, () -> !closed && known.get(folder) == about)
              .walk(folder)
              .map(found -> new FolderUse(found.bytes(), found.inodes(), now()))
              .orElse(null);
    } catch (IOException e) {
      about.use = null;
      log.warn("folder {} could not be measured: {}", folder, e.toString());
    }
    long end = nanoTime.getAsLong();
    about.nextWalk = end + Math.max(rest, REST_FACTOR * (end - begin));
    about.waits.set(false);
  }

  private long now() {
    return Timestamps.now(clock);
  }

  /** Ends the walk under way. */
  @Override
  public void close() {
    closed = true;
    walker.interrupt();
  }

  private static final class Known {
    private final AtomicBoolean waits = new AtomicBoolean();
    private volatile @Nullable FolderUse use;
    private volatile long nextWalk;

    private Known(long nextWalk) {
      this.nextWalk = nextWalk;
    }
  }
}
