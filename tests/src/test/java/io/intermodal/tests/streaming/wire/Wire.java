package io.intermodal.tests.streaming.wire;

import java.io.IOException;
import java.io.InputStream;

/** Bytes both ways. */
public interface Wire extends AutoCloseable {
  /** What the server sends. */
  InputStream in();

  /** Sends the bytes as one piece: calls of several threads do not mix. */
  void write(byte[] bytes) throws IOException;

  /** Cuts the connection at once and without a word, as a machine does that loses its power. */
  void vanish();

  /** Closes the connection without a word. */
  @Override
  void close();
}
