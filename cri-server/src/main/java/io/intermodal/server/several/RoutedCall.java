package io.intermodal.server.several;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.intermodal.server.forward.Pipe;
import io.intermodal.server.grpc.ErrorStatus;
import io.intermodal.server.grpc.ServedBy;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A caller's call that goes to whom its one request says. */
final class RoutedCall extends ServerCall.Listener<byte[]> {
  private final ServerCall<byte[], byte[]> caller;
  private final Metadata headers;
  private final MethodDescriptor<byte[], byte[]> method;
  private final Routing routing;
  private byte @Nullable [] request;
  private ServerCall.@Nullable Listener<byte[]> joined;
  private boolean cancelled;
  private boolean refused;

  /** Decides where requests go. */
  interface Routing {
    /** Where it goes, when that can be said without asking; empty otherwise. */
    Optional<Route> known(String rpc, byte[] request) throws Exception;

    /** Where it goes, when that has to be asked; may wait. */
    Route asked(String rpc, byte[] request) throws Exception;
  }

  private RoutedCall(
      ServerCall<byte[], byte[]> caller,
      Metadata headers,
      MethodDescriptor<byte[], byte[]> method,
      Routing routing) {
    this.caller = caller;
    this.headers = headers;
    this.method = method;
    this.routing = routing;
  }

  static ServerCall.Listener<byte[]> begin(
      ServerCall<byte[], byte[]> caller,
      Metadata headers,
      MethodDescriptor<byte[], byte[]> method,
      Routing routing) {
    // One more than is expected, so that a second request is noticed.
    caller.request(2);
    return new RoutedCall(caller, headers, method, routing);
  }

  @Override
  public void onMessage(byte[] message) {
    if (request != null) {
      refuse(Status.INTERNAL.withDescription("more than one request"));
    } else {
      request = message;
    }
  }

  @Override
  public void onHalfClose() {
    byte[] asked = request;
    if (asked == null) {
      refuse(Status.INTERNAL.withDescription("no request"));
      return;
    }
    if (refused) {
      return;
    }
    Optional<Route> known = route(() -> routing.known(rpc(), asked));
    if (known.isPresent()) {
      join(known.get());
    } else if (!refused) {
      Thread.ofVirtual()
          .name(rpc())
          .start(
              Context.current()
                  .wrap(() ->
                      route(() -> Optional.of(routing.asked(rpc(), asked))).ifPresent(this::join)));
    }
  }

  private Optional<Route> route(Callable<Optional<Route>> decision) {
    try {
      return decision.call();
    } catch (InvalidProtocolBufferException e) {
      refuse(Status.INVALID_ARGUMENT.withDescription("cannot be read: " + e.getMessage()));
      return Optional.empty();
    } catch (Throwable failure) {
      refuse(ErrorStatus.of(rpc(), failure).getStatus());
      return Optional.empty();
    }
  }

  private void join(Route route) {
    ServedBy.engine(route.servedBy());
    try {
      synchronized (this) {
        if (cancelled) {
          return;
        }
        joined =
            Pipe.join(caller, headers, route.open(method, CallOptions.DEFAULT), route.request());
      }
    } catch (RuntimeException e) {
      // On a thread of its own nobody else would tell the caller.
      refuse(ErrorStatus.of(rpc(), e).getStatus());
    }
  }

  @Override
  public void onReady() {
    ServerCall.Listener<byte[]> listener = joined();
    if (listener != null) {
      listener.onReady();
    }
  }

  @Override
  public void onCancel() {
    ServerCall.Listener<byte[]> listener;
    synchronized (this) {
      cancelled = true;
      listener = joined;
    }
    if (listener != null) {
      listener.onCancel();
    }
  }

  private synchronized ServerCall.@Nullable Listener<byte[]> joined() {
    return joined;
  }

  private String rpc() {
    return String.valueOf(method.getBareMethodName());
  }

  private void refuse(Status status) {
    synchronized (this) {
      if (refused || cancelled) {
        return;
      }
      refused = true;
    }
    caller.close(status, new Metadata());
  }
}
