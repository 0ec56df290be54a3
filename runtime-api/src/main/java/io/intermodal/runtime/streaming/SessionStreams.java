package io.intermodal.runtime.streaming;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * The client's end of a session. The streams block, and hold at most some 64 KiB each: a process
 * that writes faster than its client reads is held up, and so is a client that writes too fast.
 *
 * <p>Each stream is used by one thread. When the client has gone, reads and writes fail with an
 * {@link java.io.IOException}.
 */
public interface SessionStreams {
  /** Which of the streams are carried, and how. */
  WantedStreams wanted();

  /**
   * What the client types or sends. It ends when the client closes that direction, at once when it
   * is not wanted.
   */
  InputStream stdin();

  /** Takes the output, all of it with a terminal; what is not wanted is dropped. */
  OutputStream stdout();

  /** Takes the errors; nothing is written here with a terminal. */
  OutputStream stderr();

  /**
   * Tells the size of the client's terminal whenever it changes, the latest known one at once. One
   * call at a time, on a thread that may block.
   */
  void onResize(Consumer<TerminalSize> listener);

  /** Runs the action once when the client has gone before the session's end; must not block. */
  void onGone(Runnable action);
}
