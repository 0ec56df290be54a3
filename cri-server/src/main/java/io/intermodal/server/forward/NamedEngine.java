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
  private static final Metadata.Key<String> CONTENT_TYPE =
      Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER);

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
        super.start(new Answer(listener), headers);
      }
    };
  }

  private final class Answer extends SimpleForwardingClientCallListener<byte[]> {
    private boolean begun;

    Answer(ClientCall.Listener<byte[]> listener) {
      super(listener);
    }

    @Override
    public void onHeaders(Metadata headers) {
      begun = true;
      super.onHeaders(headers);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      // An engine's own refusal has no cause here, and comes after headers or with what they hold.
      boolean itsOwn = status.getCause() == null && (begun || trailers.containsKey(CONTENT_TYPE));
      super.onClose(
          status.getCode() == Status.Code.UNAVAILABLE && !itsOwn ? named(status) : status,
          trailers);
    }
  }

  private Status named(Status status) {
    Throwable cause = status.getCause();
    return status.withDescription(
        "%s does not answer on %s (%s): start it, or name its socket; it is found again by itself"
            .formatted(name, endpoint, cause == null ? status.getDescription() : innermost(cause)));
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
