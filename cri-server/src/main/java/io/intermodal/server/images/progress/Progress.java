package io.intermodal.server.images.progress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Is told how far something is that takes long. */
public interface Progress {
  /** For nobody. */
  Progress NONE =
      new Progress() {
        @Override
        public void begin(String what, long bytes) {}

        @Override
        public void moved(long bytes) {}

        @Override
        public void end() {}
      };

  /**
   * A step begins; the one before has ended.
   *
   * @param what it does: {@code reading images.tar}
   * @param bytes how many there are in all; 0 when that is not known
   */
  void begin(String what, long bytes);

  /** So many bytes more are done. */
  void moved(long bytes);

  /** The last step has ended, well or not. */
  void end();

  /** The same bytes, counted as they are read. */
  default InputStream counted(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int value = in.read();
        if (value >= 0) {
          moved(1);
        }
        return value;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count > 0) {
          moved(count);
        }
        return count;
      }

      @Override
      public long skip(long count) throws IOException {
        long skipped = in.skip(count);
        moved(skipped);
        return skipped;
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }
}
