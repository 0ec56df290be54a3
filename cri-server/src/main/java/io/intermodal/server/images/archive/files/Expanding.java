package io.intermodal.server.images.archive.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream whose failures are told from those of whoever writes what was read. */
public final class Expanding extends FilterInputStream {
  public Expanding(InputStream in) {
    super(in);
  }

  /** What was compressed cannot be read. */
  public static final class Failure extends IOException {
    private static final long serialVersionUID = 1;

    Failure(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw new Failure(e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      return super.read(buffer, offset, length);
    } catch (IOException e) {
      throw new Failure(e);
    }
  }
}
