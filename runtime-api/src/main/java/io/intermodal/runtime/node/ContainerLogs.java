package io.intermodal.runtime.node;

import io.intermodal.runtime.CriException;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/**
 * Writes container output to CRI log files: {@code 2016-10-06T00:17:09.669794202Z stdout F text}.
 *
 * <p>No line is lost or doubled across a rotation or a restart of ours: a new start finds the last
 * line of the file and asks the engine for what came after it. One container's slow disk or chatty
 * process never holds up another's, and memory for each is bounded.
 */
public interface ContainerLogs {
  /**
   * Starts, or after a restart of ours resumes, writing the container's output. A container that is
   * already followed is left alone. Missing folders are created. A source that breaks before the
   * container's end is opened again.
   *
   * <p>When this returns, the file is there: a caller of StartContainer may open it at once. A disk
   * that does not let it be made delays this for two seconds and is tried again in the background.
   *
   * @param logFile absolute path of the log file
   */
  void follow(String containerId, Path logFile, LogSource source);

  /**
   * Closes the file and opens or creates it anew at the same path; returns when further lines go
   * there.
   *
   * @throws CriException NOT_FOUND when the container is not followed
   */
  void reopen(String containerId);

  /**
   * Completes when everything that the container wrote is in the file, at once when the container
   * is not followed. Never fails; waiting should be bounded by the caller.
   */
  CompletionStage<Void> drained(String containerId);

  /** Stops following and forgets the container's position. The file stays. */
  void forget(String containerId);
}
