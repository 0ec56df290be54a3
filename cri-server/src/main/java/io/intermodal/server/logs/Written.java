package io.intermodal.server.logs;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** The records of a span of time that are in the files, each as its time and a 64-bit hash. */
final class Written {
  /** Bounds the memory at 16 MiB; more would be a million lines in a second. */
  static final int MOST = 1 << 20;

  private long[] times;
  private long[] hashes;
  private int size;

  Written() {
    this(0);
  }

  private Written(int capacity) {
    times = new long[capacity];
    hashes = new long[capacity];
  }

  boolean isFull() {
    return size == MOST;
  }

  /** Notes a record; without effect when full. */
  void add(long time, long hash) {
    if (isFull()) {
      return;
    }
    if (size == times.length) {
      int capacity = Math.min(MOST, Math.max(64, 2 * size));
      times = Arrays.copyOf(times, capacity);
      hashes = Arrays.copyOf(hashes, capacity);
    }
    times[size] = time;
    hashes[size++] = hash;
  }

  /** Those of a time on. */
  Written from(long since) {
    Written later = new Written();
    for (int i = 0; i < size; i++) {
      if (times[i] >= since) {
        later.add(times[i], hashes[i]);
      }
    }
    return later;
  }

  /** What of a repeated answer to pass over. */
  Skips skips() {
    return new Skips(Arrays.copyOf(hashes, size));
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      out.writeLong(times[i]);
      out.writeLong(hashes[i]);
    }
  }

  static Written readFrom(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MOST) {
      throw new IOException("a number of " + size + " records is not possible");
    }
    Written written = new Written(Math.min(size, 1024));
    for (int i = 0; i < size; i++) {
      written.add(in.readLong(), in.readLong());
    }
    return written;
  }

  /** A multiset of hashes that is only taken from. */
  static final class Skips {
    private final long[] hashes;
    private final int[] counts;
    private final int distinct;
    private int left;

    private Skips(long[] all) {
      Arrays.sort(all);
      hashes = all;
      counts = new int[all.length];
      int last = -1;
      for (long hash : all) {
        if (last < 0 || hashes[last] != hash) {
          hashes[++last] = hash;
        }
        counts[last]++;
      }
      distinct = last + 1;
      left = all.length;
    }

    boolean isEmpty() {
      return left == 0;
    }

    /** Takes out one; false when there is none of that hash (any more). */
    boolean take(long hash) {
      int at = Arrays.binarySearch(hashes, 0, distinct, hash);
      if (at < 0 || counts[at] == 0) {
        return false;
      }
      counts[at]--;
      left--;
      return true;
    }
  }
}
