package io.intermodal.server.logs;

import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what keeps one container's log from being written, with the cure: once, until it changes or
 * is over. Used by one thread.
 */
final class LogTrouble {
  private static final Logger LOG = LoggerFactory.getLogger(LogTrouble.class);

  private final String containerId;
  private final Path path;
  private final LogCounts counts;
  private @Nullable String told;

  LogTrouble(String containerId, Path path, LogCounts counts) {
    this.counts = counts;
    this.containerId = containerId;
    this.path = path;
  }

  /** Whether there is no room for more. */
  static boolean isFull(Exception e) {
    String message = e.getMessage();
    return message != null
        && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
  }

  void report(Exception e) {
    String now = e.toString();
    if (now.equals(told)) {
      return;
    }
    told = now;
    counts.reportedTrouble();
    if (e instanceof IOException || e instanceof CriException) {
      LOG.warn(
          "The log {} of container {} cannot be followed: {}. Nothing is lost while the engine"
              + " keeps the output. {}",
          path,
          containerId,
          now,
          cure(e));
    } else {
      LOG.warn("The log {} of container {} cannot be followed", path, containerId, e);
    }
  }

  private static String cure(Exception e) {
    if (isFull(e)) {
      return "Make room on its disk.";
    }
    return e instanceof ClosedChannelException ? "It is opened again." : "Trying again.";
  }

  /** Says that it is written again, if something was told. */
  void over() {
    if (told != null) {
      LOG.info("The log {} of container {} is written again", path, containerId);
      told = null;
    }
  }
}
