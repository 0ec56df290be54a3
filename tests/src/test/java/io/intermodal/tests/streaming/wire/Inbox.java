package io.intermodal.tests.streaming.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on a stream and was not read yet, up to a bound: who fills it waits then, and with
 * him the whole connection, as in clients that are in use.
 */
public final class Inbox extends InputStream {
  private static final int LIMIT = 256 << 10;

  /** Far longer than anything takes that happens at all. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Deque<byte[]> chunks = new ArrayDeque<>();
  private int offset;
  private int size;
  private boolean ended;
  private boolean abandoned;
  private @Nullable IOException failure;

  /**
   * @param name for failures
   */
  public Inbox(String name) {
    this.name = name;
  }

  /** Adds what arrived. */
  public synchronized void put(byte[] bytes) throws InterruptedException {
    while (size >= LIMIT && !abandoned) {
      wait();
    }
    if (bytes.length > 0 && !abandoned) {
      chunks.add(bytes);
      size += bytes.length;
      notifyAll();
    }
  }

  /** Nothing more arrives. */
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Nothing more arrives, and that is wrong; after the end it is right. */
  public synchronized void fail(IOException why) {
    if (!ended && failure == null) {
      failure = why;
      notifyAll();
    }
  }

  /** Nobody reads any more: what arrives is dropped. */
  @Override
  public synchronized void close() {
    abandoned = true;
    chunks.clear();
    size = 0;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, target.length);
    try {
      return length == 0 ? 0 : take(target, start, length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(name);
    }
  }

  private synchronized int take(byte[] target, int start, int length)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    byte[] first = chunks.peek();
    while (first == null) {
      if (ended || abandoned) {
        return -1;
      }
      if (failure != null) {
        throw new IOException(name + ": " + failure.getMessage(), failure);
      }
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new IOException(name + ": nothing arrived within " + PATIENCE);
      }
      wait(millis);
      first = chunks.peek();
    }
    int count = Math.min(length, first.length - offset);
    System.arraycopy(first, offset, target, start, count);
    offset += count;
    size -= count;
    if (offset == first.length) {
      chunks.remove();
      offset = 0;
    }
    notifyAll();
    return count;
  }
}
