package io.intermodal.server.several.merge;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.server.several.member.Member;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
  // Waiting to be read: one of each engine at most, since the next is asked for after it is read.
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private @Nullable Listener<byte[]> caller;
  private boolean headersDue;
  private boolean headersSent;
  private boolean delivering;
  private @Nullable Status end;
  private boolean ended;
  private int wanted;

  /** An event that was not delivered yet. */
  private static final class Waiting {
    final Source source;
    final byte[] event;

    Waiting(Source source, byte[] event) {
      this.source = source;
      this.event = event;
    }
  }

  public MergedEvents(
      List<Member> members, MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    members.forEach(member -> sources.add(new Source(member, member.open(method, options))));
  }

  /** One engine's stream. */
  private final class Source extends Listener<byte[]> {
    private final Member member;
    private final ClientCall<byte[], byte[]> call;
    private boolean subscribed;
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
      synchronized (MergedEvents.this) {
        subscribed = true;
      }
      deliver();
    }

    @Override
    public void onMessage(byte[] event) {
      synchronized (MergedEvents.this) {
        waiting.add(new Waiting(this, event));
      }
      deliver();
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
            if (ended()) {
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
    caller = listener;
    for (Source source : sources) {
      Metadata own = new Metadata();
      own.merge(headers);
      source.start(own);
    }
    CompletableFuture.delayedExecutor(HEADERS_MS, TimeUnit.MILLISECONDS)
        .execute(() -> {
          synchronized (this) {
            headersDue = true;
          }
          deliver();
        });
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
    synchronized (this) {
      wanted += messages;
    }
    deliver();
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    finish(Status.CANCELLED.withDescription(message).withCause(cause));
  }

  private synchronized boolean ended() {
    return ended || end != null;
  }

  private void finish(Status status) {
    synchronized (this) {
      if (ended()) {
        return;
      }
      end = status;
    }
    sources.forEach(Source::hangUp);
    deliver();
  }

  private Listener<byte[]> listener() {
    Listener<byte[]> listener = caller;
    if (listener == null) {
      throw new IllegalStateException("not started");
    }
    return listener;
  }

  private boolean areHeadersDue() {
    return headersDue
        || !waiting.isEmpty()
        || sources.stream().allMatch(source -> source.subscribed);
  }

  /** One thread at a time tells the caller; one that comes meanwhile leaves its event to it. */
  private void deliver() {
    while (true) {
      Waiting next;
      Status last = null;
      boolean headers = false;
      synchronized (this) {
        if (delivering || ended) {
          return;
        }
        if (end != null) {
          ended = true;
          last = end;
          next = null;
        } else if (!headersSent && areHeadersDue()) {
          headersSent = true;
          headers = true;
          delivering = true;
          next = null;
        } else if (headersSent && wanted > 0 && !waiting.isEmpty()) {
          wanted--;
          next = waiting.remove();
          delivering = true;
        } else {
          return;
        }
      }
      if (last != null) {
        listener().onClose(last, new Metadata());
        return;
      }
      if (headers) {
        listener().onHeaders(new Metadata());
      }
      if (next != null) {
        listener().onMessage(next.event);
        next.source.call.request(1);
      }
      synchronized (this) {
        delivering = false;
      }
    }
  }
}
