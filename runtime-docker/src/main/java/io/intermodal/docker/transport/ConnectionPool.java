package io.intermodal.docker.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Idle connections, the last used first; those idle for too long are closed. */
final class ConnectionPool {
  private final int capacity;
  private final long idleNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  ConnectionPool(int capacity, Duration idleTime) {
    this.capacity = capacity;
    this.idleNanos = idleTime.toNanos();
  }

  /** An idle connection that is still good as far as can be seen, or null. */
  @Nullable Connection borrow() {
    while (true) {
      Connection connection;
      lock.lock();
      try {
        connection = idle.pollLast();
      } finally {
        lock.unlock();
      }
      if (connection == null) {
        return null;
      }
      if (old(connection) || connection.stale()) {
        discard(connection);
      } else {
        return connection;
      }
    }
  }

  void release(Connection connection) {
    lock.lock();
    try {
      if (!closed && idle.size() < capacity) {
        idle.addLast(connection);
        return;
      }
    } finally {
      lock.unlock();
    }
    discard(connection);
  }

  /** Closes the connections that nobody has used for the idle time. */
  void sweep() {
    while (true) {
      Connection connection;
      lock.lock();
      try {
        connection = idle.peekFirst();
        if (connection == null || !old(connection)) {
          return;
        }
        idle.removeFirst();
      } finally {
        lock.unlock();
      }
      discard(connection);
    }
  }

  /** Closes every idle connection: one was found stale, so the daemon was restarted. */
  void clear() {
    lock.lock();
    try {
      idle.forEach(ConnectionPool::discard);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    clear();
  }

  int size() {
    lock.lock();
    try {
      return idle.size();
    } finally {
      lock.unlock();
    }
  }

  private boolean old(Connection connection) {
    return System.nanoTime() - connection.lastActivity() > idleNanos;
  }

  private static void discard(Connection connection) {
    connection.close(new IOException("the connection was idle"));
  }
}
