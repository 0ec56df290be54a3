package io.intermodal.server.logs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * From where on a file tells what was written; what came before that, in it and in the files before
 * it, is summed up.
 *
 * @param path the container's log path
 * @param file the file that is written to
 * @param from an offset in it at which a record begins
 * @param before how the output before that offset ends
 * @param written the records before that offset that the engine may give again
 */
record LogPosition(Path path, FileIdentity file, long from, Ending before, Written written) {
  private static final int FORMAT = 1;

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeUTF(path.toString());
      out.writeLong(file.device());
      out.writeLong(file.inode());
      out.writeLong(from);
      before.writeTo(out);
      written.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException when the bytes are no position, or of a format that we do not know
   */
  static LogPosition decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readInt();
      if (format != FORMAT) {
        throw new IOException("format " + format + " instead of " + FORMAT);
      }
      return new LogPosition(
          Path.of(in.readUTF()),
          new FileIdentity(in.readLong(), in.readLong()),
          in.readLong(),
          Ending.readFrom(in),
          Written.readFrom(in));
    }
  }
}
