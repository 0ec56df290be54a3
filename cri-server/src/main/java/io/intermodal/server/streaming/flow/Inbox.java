package io.intermodal.server.streaming.flow;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a client has sent on one stream and nobody has read yet. With {@link #FULL} bytes in it the
 * whole connection is not read from until half of them are taken.
 *
 * <p>Filled by the event loop, read by one thread. Closing it drops what is there and what comes.
 */
public final class Inbox extends InputStream {
  /** As many bytes stop the reading from the connection. */
  static final int FULL = 64 * 1024;

  private final ClientConnection connection;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  // All below are used under the lock.
  private final Deque<ByteBuf> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean paused;
  private boolean ended;
  private boolean gone;
  private boolean closed;

  public Inbox(ClientConnection connection) {
    this.connection = connection;
  }

  /** Takes what has arrived, and the duty to release it. */
  public void add(ByteBuf content) {
    lock.lock();
    try {
      if (closed || ended || gone || !content.isReadable()) {
        content.release();
        return;
      }
      waiting.add(content);
      bytes += content.readableBytes();
      arrived.signal();
      if (bytes >= FULL && !paused) {
        paused = true;
        connection.pause();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will come: the client has closed this direction. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The client has gone: what it sent before is of no use any more, and readers are told. */
  public void abort() {
    lock.lock();
    try {
      gone = true;
      drop();
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the client has closed this direction, however much of it is unread. */
  public boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** {@inheritDoc} Fails when the client has gone without closing this direction first. */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (ended || closed) {
          return -1;
        }
        if (gone) {
          throw new IOException("the client has gone");
        }
        arrived.await();
      }
      return take(into, offset, length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the client");
    } finally {
      lock.unlock();
    }
  }

  private int take(byte[] into, int offset, int length) {
    int taken = 0;
    while (taken < length && !waiting.isEmpty()) {
      ByteBuf first = waiting.getFirst();
      int count = Math.min(length - taken, first.readableBytes());
      first.readBytes(into, offset + taken, count);
      taken += count;
      if (!first.isReadable()) {
        waiting.removeFirst().release();
      }
    }
    bytes -= taken;
    if (paused && bytes <= FULL / 2) {
      paused = false;
      connection.resume();
    }
    return taken;
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      drop();
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private void drop() {
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    bytes = 0;
    if (paused) {
      paused = false;
      connection.resume();
    }
  }
}
