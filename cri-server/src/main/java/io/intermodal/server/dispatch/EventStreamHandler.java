package io.intermodal.server.dispatch;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.runtime.events.Subscription;
import io.intermodal.server.grpc.ErrorStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves a stream without an end: one virtual thread for each, which writes an event whenever there
 * is one and the caller has room for it.
 *
 * <p>The answer's headers are sent as soon as the subscription stands. A caller that waits for them
 * before it lists what there is misses nothing in between. That is why this talks to gRPC's call
 * itself: the stubs send headers only with the first message.
 */
final class EventStreamHandler<Q, A extends MessageLite> implements ServerCallHandler<Q, A> {
  private final Rpc.EventStream<Q, A> rpc;
  private final ServedEngine engine;
  private final OpenStreams streams;

  EventStreamHandler(Rpc.EventStream<Q, A> rpc, ServedEngine engine, OpenStreams streams) {
    this.rpc = rpc;
    this.engine = engine;
    this.streams = streams;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, A> call, Metadata headers) {
    // One more than is expected, so that a second request is noticed.
    call.request(2);
    return new Reader(call);
  }

  /** One caller. gRPC calls it from one thread at a time. */
  private final class Reader extends ServerCall.Listener<Q> {
    private final ServerCall<Q, A> call;
    private @Nullable Q request;
    private @Nullable Subscription<A> subscription;
    private boolean refused;

    Reader(ServerCall<Q, A> call) {
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      if (request == null) {
        request = message;
      } else {
        refuse(Status.INTERNAL.withDescription("more than one request"));
      }
    }

    @Override
    public void onHalfClose() {
      if (request == null) {
        refuse(Status.INTERNAL.withDescription("no request"));
      }
      if (request == null || refused) {
        return;
      }
      Subscription<A> opened;
      try {
        opened = rpc.events().apply(engine.operations(), request, new GrpcCall(Context.current()));
      } catch (Throwable failure) {
        refuse(ErrorStatus.of(rpc.name(), failure).getStatus());
        return;
      }
      subscription = opened;
      streams.add(opened);
      call.sendHeaders(new Metadata());
      Thread.ofVirtual().name(rpc.name()).start(() -> write(opened));
    }

    @Override
    public void onReady() {
      if (subscription != null) {
        subscription.readerChanged();
      }
    }

    @Override
    public void onCancel() {
      if (subscription != null) {
        subscription.close();
      }
    }

    /** After the subscription stands, the call is this thread's alone. */
    private void write(Subscription<A> events) {
      try (events) {
        Optional<A> event = events.next(call::isReady);
        while (event.isPresent()) {
          call.sendMessage(event.get());
          event = events.next(call::isReady);
        }
        // The caller has left: there is nobody to tell.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        call.close(Status.CANCELLED.withDescription("interrupted"), new Metadata());
      } catch (Throwable end) {
        StatusRuntimeException status = ErrorStatus.of(rpc.name(), end);
        call.close(status.getStatus(), new Metadata());
      } finally {
        streams.remove(events);
      }
    }

    private void refuse(Status status) {
      if (!refused) {
        refused = true;
        call.close(status, new Metadata());
      }
    }
  }
}
