package io.intermodal.tests.streaming;

/**
 * The streams of a session that is asked for.
 *
 * @param tty whether the process gets a terminal
 */
public record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
  public static final Streams OUTPUT = new Streams(false, true, true, false);
  public static final Streams ALL = new Streams(true, true, true, false);
  public static final Streams TERMINAL = new Streams(true, true, false, true);
}
