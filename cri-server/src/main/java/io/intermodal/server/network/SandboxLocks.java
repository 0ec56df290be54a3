package io.intermodal.server.network;

import io.intermodal.runtime.CriException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one operation at a time work on a sandbox, while others work on other sandboxes. */
final class SandboxLocks {
  private final ConcurrentMap<String, Shared> locks = new ConcurrentHashMap<>();
  private final Duration patience;

  /** A lock and how many hold it or wait for it; with nobody left it is forgotten. */
  private record Shared(ReentrantLock lock, int users) {}

  /**
   * @param patience how long an operation waits for the one before it
   */
  SandboxLocks(Duration patience) {
    this.patience = patience;
  }

  /**
   * @throws CriException DEADLINE_EXCEEDED when another operation on the sandbox does not end
   */
  <T> T alone(String sandboxId, Supplier<T> operation) {
    ReentrantLock lock =
        locks
            .merge(
                sandboxId,
                new Shared(new ReentrantLock(true), 1),
                (known, added) -> new Shared(known.lock, known.users + 1))
            .lock();
    try {
      if (!lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CriException(
            CriException.Code.DEADLINE_EXCEEDED,
            "another network operation on the sandbox "
                + sandboxId
                + " does not end: try again later");
      }
      try {
        return operation.get();
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(
          CriException.Code.CANCELLED,
          "interrupted while waiting for another network operation on the sandbox " + sandboxId,
          e);
    } finally {
      locks.computeIfPresent(
          sandboxId,
          (id, shared) -> shared.users == 1 ? null : new Shared(shared.lock, shared.users - 1));
    }
  }
}
