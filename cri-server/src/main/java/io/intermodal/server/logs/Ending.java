package io.intermodal.server.logs;

import static io.intermodal.server.logs.Timestamps.NEVER;

import io.intermodal.runtime.node.LogSource.Channel;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How what was written of a container's output ends, as far as it says from what time on there may
 * be more.
 *
 * <p>Times of whole lines grow but for two things. The two channels are read by two threads of the
 * engine, so that a line may be stored after one that is up to {@link #SLACK} younger. And engines
 * give the parts of a long line the time of its first part, however late they come: while a line is
 * unfinished, more of it may come with that time.
 */
final class Ending {
  /** Nanoseconds by which a line of one channel may be older than the other's before it. */
  static final long SLACK = 1_000_000_000L;

  private long lastLine = NEVER;

  /** The time of the last part of each channel's unfinished line; NEVER when there is none. */
  private long unfinishedOut = NEVER;

  private long unfinishedErr = NEVER;

  void passed(long time, Channel channel, boolean partial) {
    if (time == NEVER) {
      return;
    }
    long unfinished = partial ? time : NEVER;
    boolean goesOn;
    if (channel == Channel.STDOUT) {
      goesOn = unfinishedOut != NEVER;
      unfinishedOut = unfinished;
    } else {
      goesOn = unfinishedErr != NEVER;
      unfinishedErr = unfinished;
    }
    if (!goesOn) {
      lastLine = time;
    }
  }

  /** What comes next is not older than this; {@link Timestamps#NEVER} when nothing was written. */
  long since() {
    long since = sinceOfWholeLines();
    if (unfinishedOut != NEVER) {
      since = Math.min(since, unfinishedOut);
    }
    if (unfinishedErr != NEVER) {
      since = Math.min(since, unfinishedErr);
    }
    return since;
  }

  /** The same, without waiting for the rest of unfinished lines. */
  long sinceOfWholeLines() {
    return lastLine == NEVER ? NEVER : lastLine - SLACK;
  }

  Ending copy() {
    Ending copy = new Ending();
    copy.lastLine = lastLine;
    copy.unfinishedOut = unfinishedOut;
    copy.unfinishedErr = unfinishedErr;
    return copy;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeLong(lastLine);
    out.writeLong(unfinishedOut);
    out.writeLong(unfinishedErr);
  }

  static Ending readFrom(DataInputStream in) throws IOException {
    Ending ending = new Ending();
    ending.lastLine = in.readLong();
    ending.unfinishedOut = in.readLong();
    ending.unfinishedErr = in.readLong();
    return ending;
  }
}
