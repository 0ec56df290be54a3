package io.intermodal.server.several.merge;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.server.forward.PacedAnswer;
import io.intermodal.server.several.member.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The events of all engines in one stream, each engine's in its order.
 *
 * <p>While an engine is away, the events of the others go on. When it is back the stream ends with
 * UNAVAILABLE: what happened on it meanwhile nobody has told, so a reader has to list, and does so
 * after it has subscribed anew. An engine that gives no events ends it with UNIMPLEMENTED: a reader
 * that relied on it would miss them.
 *
 * <p>The headers say that all engines have subscribed, as far as they say so themselves; an event
 * does not wait for them.
 */
public final class MergedEvents extends ClientCall<byte[], byte[]> {
  private static final long LOOK_AGAIN_MS = 500;

  /** gRPC servers in Go, and so containerd, say nothing before their first event. */
  private static final long HEADERS_MS = 300;

  private final List<Source> sources = new ArrayList<>();
  private final Set<Source> quiet = new HashSet<>();
  private final AtomicBoolean finished = new AtomicBoolean();
  private @Nullable PacedAnswer answer;

  public MergedEvents(
      List<Member> members, MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    members.forEach(member -> sources.add(new Source(member, member.open(method, options))));
    quiet.addAll(sources);
  }

  /** One engine's stream. */
  private final class Source extends Listener<byte[]> {
    private final Member member;
    private final ClientCall<byte[], byte[]> call;
    private boolean started;
    private boolean hungUp;

    Source(Member member, ClientCall<byte[], byte[]> call) {
      this.member = member;
      this.call = call;
    }

    synchronized void start(Metadata headers) {
      if (!hungUp) {
        started = true;
        call.start(this, headers);
      }
      if (!hungUp) {
        call.request(1);
      }
    }

    synchronized void send(byte[] request) {
      if (started && !hungUp) {
        call.sendMessage(request);
      }
    }

    synchronized void halfClose() {
      if (started && !hungUp) {
        call.halfClose();
      }
    }

    synchronized void hangUp() {
      hungUp = true;
      if (started) {
        call.cancel("the merged stream has ended", null);
      }
    }

    @Override
    public void onHeaders(Metadata headers) {
      subscribed();
    }

    private void subscribed() {
      boolean all;
      synchronized (MergedEvents.this) {
        quiet.remove(this);
        all = quiet.isEmpty();
      }
      if (all) {
        answer().headers();
      }
    }

    @Override
    public void onMessage(byte[] event) {
      // The next is asked for when this one was read: one of each engine waits at most.
      answer().message(event, () -> call.request(1));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk() || status.getCode() == Status.Code.UNIMPLEMENTED) {
        finish(
            Status.UNIMPLEMENTED.withDescription(
                "%s gives no events%s: list instead"
                    .formatted(
                        member.name(), status.isOk() ? "" : " (" + status.getDescription() + ")")));
      } else if (Member.isAway(status)) {
        member.ended(status);
        // Readers need not wait for it.
        subscribed();
        endWhenBack();
      } else {
        finish(status.augmentDescription("events of " + member.name()));
      }
    }

    /** A look at a flag, twice a second, for as long as the engine is away. */
    private void endWhenBack() {
      CompletableFuture.delayedExecutor(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)
          .execute(() -> {
            if (finished.get()) {
              return;
            }
            if (member.up()) {
              finish(
                  Status.UNAVAILABLE.withDescription(
                      member.name()
                          + " was away and is back, its events of that time are lost: subscribe anew, then list"));
            } else {
              endWhenBack();
            }
          });
    }
  }

  @Override
  public void start(Listener<byte[]> listener, Metadata headers) {
    PacedAnswer paced = new PacedAnswer(listener);
    answer = paced;
    for (Source source : sources) {
      Metadata own = new Metadata();
      own.merge(headers);
      source.start(own);
    }
    CompletableFuture.delayedExecutor(HEADERS_MS, TimeUnit.MILLISECONDS).execute(paced::headers);
  }

  @Override
  public void sendMessage(byte[] request) {
    sources.forEach(source -> source.send(request));
  }

  @Override
  public void halfClose() {
    sources.forEach(Source::halfClose);
  }

  @Override
  public void request(int messages) {
    answer().request(messages);
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    finish(Status.CANCELLED.withDescription(message).withCause(cause));
  }

  /** Who is told of the end may rely on it that the engines are not read any more. */
  private void finish(Status status) {
    if (finished.compareAndSet(false, true)) {
      sources.forEach(Source::hangUp);
      answer().cut(status);
    }
  }

  private PacedAnswer answer() {
    PacedAnswer paced = answer;
    if (paced == null) {
      throw new IllegalStateException("not started");
    }
    return paced;
  }
}
