package io.intermodal.rkt.index;

/**
 * How a container ended.
 *
 * @param exitCode as CRI has it: 128 and the number for a signal, 128 for a command that could not
 *     be run
 * @param reason {@code Completed}, {@code Error}, {@code OOMKilled}, {@code StartError}
 * @param message for people, "" for none
 * @param finishedAt ns since 1970
 */
public record AppEnd(int exitCode, String reason, String message, long finishedAt) {
  /** The exit code when a signal ended a process. */
  public static final int SIGNALLED = 128;

  private static final int KILLED = SIGNALLED + 9;

  /** It ended by itself or by a signal. */
  public static AppEnd exited(int exitCode, long finishedAt) {
    return new AppEnd(exitCode, exitCode == 0 ? "Completed" : "Error", "", finishedAt);
  }

  /** The whole pod was killed with it. */
  public static AppEnd killedWithPod(long finishedAt) {
    return new AppEnd(KILLED, "Error", "", finishedAt);
  }

  /** The kernel killed it for want of memory. */
  public static AppEnd outOfMemory(int exitCode, long finishedAt) {
    return new AppEnd(exitCode, "OOMKilled", "", finishedAt);
  }

  /** Its command could not be run. */
  public static AppEnd notStarted(String message, long finishedAt) {
    return new AppEnd(SIGNALLED, "StartError", message, finishedAt);
  }
}
