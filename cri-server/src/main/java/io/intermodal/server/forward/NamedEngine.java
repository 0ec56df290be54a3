package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Says of failures that do not come from the engine whose they are. What the engine itself says
 * passes as it is.
 */
public final class NamedEngine implements CriCalls {
  private final CriCalls engine;
  private final String name;
  private final String endpoint;

  public NamedEngine(CriCalls engine, String name, String endpoint) {
    this.engine = engine;
    this.name = name;
    this.endpoint = endpoint;
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return new SimpleForwardingClientCall<>(engine.open(method, options)) {
      @Override
      public void start(Listener<byte[]> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                super.onClose(named(status), trailers);
              }
            },
            headers);
      }
    };
  }

  /** A status of this side has a cause; one that came over the wire has none. */
  private Status named(Status status) {
    Throwable cause = status.getCause();
    if (status.getCode() != Status.Code.UNAVAILABLE || cause == null) {
      return status;
    }
    return status.withDescription(
        "%s does not answer on %s (%s): start it, or name its socket; it is found again by itself"
            .formatted(name, endpoint, innermost(cause)));
  }

  private static String innermost(Throwable failure) {
    Throwable last = failure;
    for (@Nullable Throwable next = failure; next != null; next = next.getCause()) {
      last = next;
    }
    return last instanceof StatusRuntimeException || last.getMessage() == null
        ? last.toString()
        : last.getMessage();
  }
}
