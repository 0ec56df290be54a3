package io.intermodal.server.logs;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.ContainerLogs;
import io.intermodal.runtime.node.LogSource;
import io.intermodal.runtime.node.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the output of containers to CRI log files, each on a virtual thread of its own.
 *
 * <p>A container holds at most 64 KiB of records beside what its source holds, nothing when it is
 * silent. Log files are made with mode 0640 in folders of mode 0755. What a log path must be: a
 * regular file or nothing; a symbolic link or a folder is warned about and tried again until it is
 * removed. Troubles of one container's disk or engine stream never reach another's.
 */
public final class CriLogs implements ContainerLogs, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CriLogs.class);
  private static final long CHECKPOINT_BYTES = 64L << 20;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final Duration FILE_WITHIN = Duration.ofSeconds(2);
  private static final Duration INTERRUPT_WITHIN = Duration.ofSeconds(5);

  private final StateDirectory positions;
  private final long checkpointBytes;
  private final ConcurrentMap<String, ContainerLog> logs = new ConcurrentHashMap<>();
  private final LogCounts counts = new LogCounts();
  private volatile boolean closed;

  /**
   * @param positions a folder of its own for one small file a container, named by its id
   */
  public CriLogs(StateDirectory positions) {
    this(positions, CHECKPOINT_BYTES);
  }

  CriLogs(StateDirectory positions, long checkpointBytes) {
    this.positions = positions;
    this.checkpointBytes = checkpointBytes;
    forgetThoseWithoutFolder();
  }

  @Override
  public void follow(String containerId, Path logFile, LogSource source) {
    if (!logFile.isAbsolute()) {
      throw CriException.invalid(
          "the log path " + logFile + " of container " + containerId + " is not absolute");
    }
    if (closed) {
      throw new CriException(CriException.Code.UNAVAILABLE, "the server is stopping; try again");
    }
    LogFile file = new LogFile(containerId, logFile, positions, checkpointBytes, counts);
    ContainerLog log = new ContainerLog(containerId, logFile, file, source, counts);
    if (logs.putIfAbsent(containerId, log) == null) {
      log.start();
      log.awaitFile(FILE_WITHIN);
      if (closed) {
        log.stop();
      }
    }
  }

  @Override
  public void reopen(String containerId) {
    ContainerLog log = logs.get(containerId);
    if (log == null) {
      throw CriException.notFound(
          "the log of container "
              + containerId
              + " is not written by this server: has it been started?");
    }
    log.reopen();
  }

  @Override
  public CompletionStage<Void> drained(String containerId) {
    ContainerLog log = logs.get(containerId);
    return log == null ? CompletableFuture.completedStage(null) : log.drained();
  }

  @Override
  public void forget(String containerId) {
    ContainerLog log = logs.remove(containerId);
    if (log != null) {
      log.stop();
      log.interrupt();
      awaitEnd(containerId, log, INTERRUPT_WITHIN);
    }
    try {
      positions.delete(containerId);
    } catch (IOException e) {
      LOG.warn(
          "The log position {}/{} of a removed container cannot be deleted: {}. It does no harm;"
              + " it is deleted at a later start.",
          positions,
          containerId,
          e.toString());
    }
  }

  /** What was written since the start. */
  public LogCounts counts() {
    return counts;
  }

  /** How many containers' logs are being written. */
  public long writers() {
    return logs.values().stream().filter(ContainerLog::isWriting).count();
  }

  /** Stops following all containers, with their records written out and their positions kept. */
  @Override
  public void close() {
    closed = true;
    logs.values().forEach(ContainerLog::stop);
    long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
    logs.forEach((containerId, log) -> {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      if (!awaitEnd(containerId, log, left)) {
        log.interrupt();
      }
    });
  }

  private static boolean awaitEnd(String containerId, ContainerLog log, Duration time) {
    try {
      if (log.await(time)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.warn(
        "The log of container {} is still being written after {} ms: is its disk stuck?",
        containerId,
        time.toMillis());
    return false;
  }

  /** Containers removed while we were not there leave a position; their log folder is gone. */
  private void forgetThoseWithoutFolder() {
    try {
      for (String containerId : positions.names()) {
        Optional<byte[]> bytes = positions.read(containerId);
        if (bytes.isPresent() && folderIsGone(containerId, bytes.get())) {
          positions.delete(containerId);
        }
      }
    } catch (IOException e) {
      LOG.warn("The log positions in {} cannot be swept: {}", positions, e.toString());
    }
  }

  private boolean folderIsGone(String containerId, byte[] position) {
    try {
      Path folder = LogPosition.decode(position).path().getParent();
      return folder != null && Files.notExists(folder);
    } catch (IOException e) {
      LOG.warn("The log position {}/{} is damaged: {}", positions, containerId, e.toString());
      return true;
    }
  }
}
