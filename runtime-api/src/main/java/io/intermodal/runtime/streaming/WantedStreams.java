package io.intermodal.runtime.streaming;

import io.intermodal.runtime.CriException;

/**
 * The streams that a client asks for.
 *
 * @param terminal whether the process has a terminal, which joins errors and output
 */
public record WantedStreams(boolean stdin, boolean stdout, boolean stderr, boolean terminal) {

  /**
   * Checks what a request asks for.
   *
   * @throws CriException INVALID_ARGUMENT for no stream at all, and for errors apart from a
   *     terminal's output
   */
  public static WantedStreams of(boolean stdin, boolean stdout, boolean stderr, boolean terminal) {
    if (terminal && stderr) {
      throw CriException.invalid(
          "stderr: true with tty (expected: false, as a terminal joins it with stdout)");
    }
    if (!stdin && !stdout && !stderr) {
      throw CriException.invalid("stdin, stdout, stderr: all false (expected: one of them true)");
    }
    return new WantedStreams(stdin, stdout, stderr, terminal);
  }
}
