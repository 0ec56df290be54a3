package io.intermodal.runtime.node;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a container's output comes from, with the times at which the engine saw it. */
public interface LogSource {
  /**
   * Opens the output from a time on, oldest first, and follows it until the container ends.
   *
   * @param since the time of the first entry wanted (entries of exactly that time are included), in
   *     the form of {@link Entry#time}; empty for everything
   * @throws IOException when the engine cannot be asked; worth another try
   */
  Stream open(Optional<String> since) throws IOException;

  /** An open output. Read by one thread. */
  interface Stream extends Closeable {
    /**
     * Waits for the next entry.
     *
     * @return null when the container has ended and everything was read
     * @throws IOException when the stream broke before that
     */
    @Nullable Entry next() throws IOException;

    /** Whether {@link #next} would answer without waiting: a hint for when to write out. */
    boolean ready() throws IOException;
  }

  /**
   * One piece of output: a line, or a part of one that was too long for the engine.
   *
   * @param time RFC 3339, UTC, always nine digits of fraction: {@code
   *     2016-10-06T00:17:09.669794202Z}. So times compare as text
   * @param channel which output it came from; a terminal's is {@link Channel#STDOUT}
   * @param content the bytes without the line's end; valid until the next call of {@link
   *     Stream#next}
   * @param partial whether the line goes on in the next entry of the same channel
   */
  record Entry(String time, Channel channel, ByteBuffer content, boolean partial) {}

  /** The two outputs of a process. */
  enum Channel {
    STDOUT,
    STDERR
  }
}
