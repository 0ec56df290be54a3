package io.intermodal.server.images.archive.files;

import com.google.common.io.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes that are somewhere in an archive.
 *
 * @param name where, for people
 * @param size how many
 */
public record Blob(String name, long size, Opening opening) {
  /** Begins to read. */
  @FunctionalInterface
  public interface Opening {
    InputStream open() throws IOException;
  }

  public static Blob of(String name, byte[] content) {
    return new Blob(name, content.length, () -> new ByteArrayInputStream(content));
  }

  public InputStream open() throws IOException {
    return opening.open();
  }

  public ByteSource source() {
    return new ByteSource() {
      @Override
      public InputStream openStream() throws IOException {
        return open();
      }
    };
  }
}
