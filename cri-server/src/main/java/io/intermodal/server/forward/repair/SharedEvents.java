package io.intermodal.server.forward.repair;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.forward.PacedAnswer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an engine's events once for all who want them, where the engine gives each event to one of
 * its readers only. There a reader that has left takes one more event along, so this one stays for
 * as long as the engine does.
 *
 * <p>A reader is told what happens from its call on. Its stream ends as the engine's does, and when
 * it is so slow that {@value #QUEUED} events wait for it.
 */
final class SharedEvents {
  static final String RPC = "GetContainerEvents";

  private static final int QUEUED = 1000;
  private static final Status TOO_SLOW =
      Status.RESOURCE_EXHAUSTED.withDescription(
          QUEUED + " events are waiting to be read: subscribe anew, then list again what there is");

  private final CriCalls engine;
  private final Runnable shared;
  private @Nullable Stream stream;

  /**
   * @param shared runs for each reader that is given the events of an earlier one's stream
   */
  SharedEvents(CriCalls engine, Runnable shared) {
    this.engine = engine;
    this.shared = shared;
  }

  /** One reader's call. */
  ClientCall<byte[], byte[]> open(MethodDescriptor<byte[], byte[]> method) {
    return new Reader(method);
  }

  private synchronized Stream stream() {
    Stream current = stream;
    if (current == null) {
      current = new Stream();
      stream = current;
    }
    return current;
  }

  /** The stream that the engine sees. */
  private final class Stream extends ClientCall.Listener<byte[]> {
    private final Set<PacedAnswer> readers = new HashSet<>();
    private boolean started;
    private @Nullable ClientCall<byte[], byte[]> call;
    private @Nullable Status end;

    /** The first reader's request opens it; it goes on without him. */
    void join(PacedAnswer reader, MethodDescriptor<byte[], byte[]> method, byte[] request) {
      boolean first;
      Status late;
      synchronized (this) {
        first = !started;
        started = true;
        late = end;
        readers.add(reader);
      }
      if (late != null) {
        reader.end(late);
      } else if (first) {
        Context.ROOT.run(() -> start(engine.open(method, CallOptions.DEFAULT), request));
      } else {
        shared.run();
      }
    }

    private void start(ClientCall<byte[], byte[]> opened, byte[] request) {
      synchronized (this) {
        call = opened;
      }
      opened.start(this, new Metadata());
      opened.request(1);
      opened.sendMessage(request);
      opened.halfClose();
    }

    synchronized void leave(PacedAnswer reader) {
      readers.remove(reader);
    }

    private synchronized List<PacedAnswer> readers() {
      return List.copyOf(readers);
    }

    @Override
    public void onMessage(byte[] event) {
      for (PacedAnswer reader : readers()) {
        if (reader.waiting() < QUEUED) {
          reader.message(event);
        } else {
          leave(reader);
          reader.cut(TOO_SLOW);
        }
      }
      next();
    }

    private void next() {
      ClientCall<byte[], byte[]> opened;
      synchronized (this) {
        opened = call;
      }
      if (opened != null) {
        opened.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      synchronized (SharedEvents.this) {
        // The next reader opens another.
        stream = null;
      }
      synchronized (this) {
        end = status;
      }
      readers().forEach(reader -> reader.end(status));
    }
  }

  private final class Reader extends ClientCall<byte[], byte[]> {
    private final MethodDescriptor<byte[], byte[]> method;
    private @Nullable PacedAnswer answer;
    private @Nullable Stream joined;
    private byte[] request = new byte[0];

    Reader(MethodDescriptor<byte[], byte[]> method) {
      this.method = method;
    }

    @Override
    public void start(Listener<byte[]> caller, Metadata headers) {
      answer = new PacedAnswer(caller);
    }

    @Override
    public void request(int messages) {
      answer().request(messages);
    }

    @Override
    public void sendMessage(byte[] message) {
      request = message;
    }

    @Override
    public void halfClose() {
      Stream events = stream();
      joined = events;
      events.join(answer(), method, request);
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      Stream events = joined;
      if (events != null) {
        events.leave(answer());
      }
      answer().cut(Status.CANCELLED.withDescription(message).withCause(cause));
    }

    private PacedAnswer answer() {
      PacedAnswer paced = answer;
      if (paced == null) {
        throw new IllegalStateException("not started");
      }
      return paced;
    }
  }
}
