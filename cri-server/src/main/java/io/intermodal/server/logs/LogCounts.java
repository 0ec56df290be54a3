package io.intermodal.server.logs;

import java.util.concurrent.atomic.LongAdder;

/** What was written for all containers together since the start. */
public final class LogCounts {
  private final LongAdder bytes = new LongAdder();
  private final LongAdder records = new LongAdder();
  private final LongAdder troubles = new LongAdder();

  LogCounts() {}

  void wrote(int count) {
    bytes.add(count);
  }

  void tookRecord() {
    records.increment();
  }

  void reportedTrouble() {
    troubles.increment();
  }

  /** Bytes written to log files. */
  public long bytes() {
    return bytes.sum();
  }

  /** Records taken from engines to be written: lines, and parts of lines above 16 KiB. */
  public long records() {
    return records.sum();
  }

  /** How often a log could not be followed, as it was warned about. */
  public long troubles() {
    return troubles.sum();
  }
}
