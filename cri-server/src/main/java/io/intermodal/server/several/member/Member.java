package io.intermodal.server.several.member;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.forward.UnaryAnswer;
import io.intermodal.server.wire.Frames;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of several engines: its calls, what is known of its content, and whether it answers.
 *
 * <p>A virtual thread asks for its version every other second and keeps its content up to date:
 * when it has come back, soon after one of our calls changed something, and every ten seconds.
 */
public final class Member implements CriCalls, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Member.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LAST_WRITE = Duration.ofMillis(500);
  private static final long NANOS_BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(2);
  private static final long NANOS_BETWEEN_LOOKS_WHEN_AWAY = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long NANOS_BETWEEN_LISTS = TimeUnit.SECONDS.toNanos(10);
  private static final long NANOS_BETWEEN_CHANGES = TimeUnit.MILLISECONDS.toNanos(200);

  private final String name;
  private final CriCalls calls;
  private final KnownContent content;
  private final Thread watch;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean stale = true;
  private volatile boolean closed;

  private Member(String name, CriCalls calls, KnownContent content) {
    this.name = name;
    this.calls = calls;
    this.content = content;
    this.watch = Thread.ofVirtual().name("watch-" + name).unstarted(this::watch);
  }

  /**
   * An engine from now on. It need not be up.
   *
   * @param name "containerd"
   */
  public static Member start(String name, CriCalls calls, KnownContent content) {
    Member member = new Member(name, calls, content);
    member.watch.start();
    return member;
  }

  public String name() {
    return name;
  }

  public KnownContent content() {
    return content;
  }

  /** Why it cannot be asked, in one sentence; empty while it answers. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Whether it answered when it was last asked. */
  public boolean up() {
    return trouble.isEmpty();
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return calls.open(method, options);
  }

  /**
   * Asks for the server's own sake, apart from any caller: whose deadline passes while he waits has
   * not found that the engine is away.
   *
   * @param rpc its bare name
   * @return fails with a {@link io.grpc.StatusRuntimeException}
   */
  public CompletableFuture<byte[]> ask(String rpc, byte[] request, Duration patience) {
    CompletableFuture<byte[]> answer;
    // On the caller's behalf, if there is one, but not ended by its deadline or its leaving.
    Context own = Context.current().fork();
    Context caller = own.attach();
    try {
      answer = UnaryAnswer.of(calls, Frames.rpc(rpc), request, patience);
    } finally {
      own.detach(caller);
    }
    var _ =
        answer.whenComplete((_, failure) -> {
          if (failure != null) {
            ended(Status.fromThrowable(failure));
          }
        });
    return answer;
  }

  /** Whether a failure says that the engine did not answer, rather than what it answered. */
  public static boolean isAway(Status failure) {
    return failure.getCode() == Status.Code.UNAVAILABLE
        || failure.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  /** One of our calls has changed something on it. */
  public void changed() {
    stale = true;
    wake();
  }

  /** A call of a caller's ended so: it may say that the engine is away. */
  public void ended(Status status) {
    if (isAway(status)) {
      away(status);
    }
  }

  private void away(Status failure) {
    if (closed) {
      return;
    }
    String why =
        failure.getCode() == Status.Code.DEADLINE_EXCEEDED
            ? name + " does not answer in time"
            : String.valueOf(failure.getDescription());
    if (trouble.isEmpty()) {
      log.warn("{} is away, its last known content is listed meanwhile: {}", name, why);
    }
    trouble = Optional.of(why);
    wake();
  }

  private void wake() {
    lock.lock();
    try {
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    long listed = System.nanoTime() - NANOS_BETWEEN_LISTS;
    boolean failing = false;
    while (!closed) {
      try {
        if (answers()) {
          if (trouble.isPresent()) {
            log.info("{} is back", name);
            trouble = Optional.empty();
            stale = true;
          }
          if (stale || System.nanoTime() - listed >= NANOS_BETWEEN_LISTS) {
            stale = false;
            list();
            listed = System.nanoTime();
          }
        }
        if (!closed) {
          content.save();
        }
        failing = false;
      } catch (IOException | RuntimeException e) {
        stale = true;
        if (!failing && !closed) {
          log.warn("what is on {} could not be noted, and is tried again", name, e);
        }
        failing = true;
      }
      // What failed is not tried sooner because of changes: it may fail as fast as it is asked.
      pause(failing ? System.nanoTime() + NANOS_BETWEEN_LOOKS : listed + NANOS_BETWEEN_CHANGES);
    }
  }

  private boolean answers() {
    try {
      var _ = ask("Version", new byte[0], PATIENCE).join();
      return true;
    } catch (CompletionException e) {
      Status failure = Status.fromThrowable(e);
      if (!isAway(failure)) {
        // It is there, and has no CRI.
        away(failure);
      }
      return false;
    }
  }

  private void list() throws InvalidProtocolBufferException {
    for (ContentKind kind : ContentKind.values()) {
      long asked = System.nanoTime();
      byte[] all = ask(kind.rpc(), new byte[0], PATIENCE.multipliedBy(2)).join();
      content.listed(kind, all, asked);
    }
  }

  /**
   * Waits for the next look.
   *
   * @param soonest when changes may be looked at
   */
  private void pause(long soonest) {
    long looked = System.nanoTime();
    lock.lock();
    try {
      long left = due(looked, soonest) - System.nanoTime();
      while (!closed && left > 0) {
        var _ = woken.awaitNanos(left);
        left = due(looked, soonest) - System.nanoTime();
      }
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** When to look again. Changes come in groups: the first of them waits for the others. */
  private long due(long looked, long soonest) {
    if (!up()) {
      return looked + NANOS_BETWEEN_LOOKS_WHEN_AWAY;
    }
    return stale ? soonest : looked + NANOS_BETWEEN_LOOKS;
  }

  /** Stops asking and writing; the engine is left alone. */
  @Override
  public void close() {
    closed = true;
    wake();
    try {
      // Longer only while it waits for an answer, after which it writes nothing.
      var _ = watch.join(LAST_WRITE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
