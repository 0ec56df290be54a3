package io.intermodal.runtime;

import io.intermodal.runtime.CriException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Runs one piece of work per key at a time: who asks for a key that is under way waits for the same
 * result instead of doing the work again.
 *
 * <p>The work runs on a virtual thread of its own and under a {@link Call} of its own, so a
 * caller's deadline ends the caller's waiting and nothing else: the work goes on, and a retry finds
 * it or its result. The work's own call is cancelled when the last of its callers has gone away;
 * work that must be finished whatever happens does not look at it.
 *
 * @param <K> what makes two requests the same
 * @param <V> the result
 */
public final class SingleFlight<K, V> {
  private final ConcurrentMap<K, Flight<V>> flights = new ConcurrentHashMap<>();

  /**
   * Joins the work for this key, or starts it, and waits for its end as long as the caller does.
   *
   * @throws CriException what the work threw, or DEADLINE_EXCEEDED or CANCELLED when the caller
   *     stopped waiting first
   */
  public V run(K key, Call caller, Function<Call, V> work) {
    Flight<V> flight = board(key, caller, work);
    caller.onCancel(flight::leave);
    return await(flight.result, key, caller);
  }

  private Flight<V> board(K key, Call caller, Function<Call, V> work) {
    while (true) {
      Flight<V> started = new Flight<>();
      Flight<V> found = flights.putIfAbsent(key, started);
      if (found == null) {
        Thread.ofVirtual()
            .name("flight-" + key)
            .start(CurrentRpc.carrying(() -> fly(key, started, work)));
        return started;
      }
      if (found.join()) {
        return found;
      }
      // Its work was told to stop when everyone had left: wait for its end, then start anew.
      await(found.ended, key, caller);
    }
  }

  private void fly(K key, Flight<V> flight, Function<Call, V> work) {
    try {
      V value = work.apply(flight);
      flights.remove(key, flight);
      flight.result.complete(value);
    } catch (Throwable failure) {
      flights.remove(key, flight);
      flight.result.completeExceptionally(failure);
    } finally {
      flight.ended.complete(Boolean.TRUE);
    }
  }

  private static <T> T await(CompletableFuture<T> future, Object key, Call caller) {
    CompletableFuture<T> waiting = future.copy();
    caller.onCancel(() -> waiting.completeExceptionally(gone(key, caller)));
    try {
      Optional<Duration> patience = caller.remaining();
      return patience.isEmpty()
          ? waiting.get()
          : waiting.get(patience.get().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new CriException(Code.DEADLINE_EXCEEDED, stillUnderWay(key), e);
    } catch (ExecutionException e) {
      throw asCriException(key, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, stillUnderWay(key), e);
    }
  }

  private static CriException gone(Object key, Call caller) {
    boolean late = caller.remaining().map(Duration::isZero).orElse(false);
    return new CriException(late ? Code.DEADLINE_EXCEEDED : Code.CANCELLED, stillUnderWay(key));
  }

  private static String stillUnderWay(Object key) {
    return key + " is still under way; the same request again joins it";
  }

  /** The same failure reaches several callers, so each gets an exception of its own. */
  private static CriException asCriException(Object key, Throwable failure) {
    if (failure instanceof CriException known) {
      return new CriException(known.code(), String.valueOf(known.getMessage()), known);
    }
    return new CriException(Code.INTERNAL, key + ": " + failure, failure);
  }

  /** The work under way, and at the same time the call that it runs under. */
  private static final class Flight<V> implements Call {
    final CompletableFuture<V> result = new CompletableFuture<>();
    final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final List<Runnable> onCancel = new ArrayList<>();
    private int passengers = 1;
    // Set once the work was told to stop: nobody may join it any more.
    private boolean stopping;

    synchronized boolean join() {
      if (stopping) {
        return false;
      }
      passengers++;
      return true;
    }

    void leave() {
      List<Runnable> actions;
      synchronized (this) {
        passengers--;
        if (passengers > 0 || onCancel.isEmpty()) {
          return;
        }
        stopping = true;
        actions = List.copyOf(onCancel);
        onCancel.clear();
      }
      actions.forEach(Runnable::run);
    }

    @Override
    public Optional<Duration> remaining() {
      return Optional.empty();
    }

    @Override
    public synchronized boolean cancelled() {
      return passengers == 0;
    }

    @Override
    public void onCancel(Runnable action) {
      synchronized (this) {
        if (passengers > 0) {
          onCancel.add(action);
          return;
        }
        stopping = true;
      }
      action.run();
    }
  }
}
