package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.FileNotFoundException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says of failures that do not come from the engine whose they are. What the engine itself says
 * passes as it is.
 */
public final class NamedEngine implements CriCalls {
  private static final Metadata.Key<String> CONTENT_TYPE =
      Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER);

  /** How gRPC's words begin when a connection ended without an error of the system. */
  private static final List<String> CLOSED = List.of("Network closed", "Connection closing");

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
      boolean itsOwn =
          status.getCause() == null
              && !isBroken(status)
              && (begun || trailers.containsKey(CONTENT_TYPE));
      super.onClose(itsOwn ? status : named(status), trailers);
    }
  }

  /** A status that is of this side. */
  private Status named(Status status) {
    Throwable cause = status.getCause();
    return switch (status.getCode()) {
      case UNAVAILABLE ->
          status.withDescription(
              "%s does not answer on %s (%s): start it, or name its socket; it is found again by itself"
                  .formatted(name, endpoint, cause == null ? closed(status) : innermost(cause)));
      // What came over the connection was no HTTP/2.
      case INTERNAL ->
          cause == null
              ? status
              : Status.UNAVAILABLE
                  .withCause(cause)
                  .withDescription(
                      "what answers on %s is not %s, or speaks no gRPC (%s): name the engine's socket"
                          .formatted(endpoint, name, innermost(cause)));
      default -> status;
    };
  }

  /** Whether the connection ended, without an error of the system that would be the cause. */
  private static boolean isBroken(Status status) {
    String said = String.valueOf(status.getDescription());
    return CLOSED.stream().anyMatch(said::startsWith);
  }

  private static String closed(Status status) {
    return isBroken(status) ? "it closed the connection" : String.valueOf(status.getDescription());
  }

  private static String innermost(Throwable failure) {
    String said = failure.toString();
    for (@Nullable Throwable next = failure; next != null; next = next.getCause()) {
      String message = next.getMessage();
      if (next instanceof FileNotFoundException) {
        // Of Netty's, which says no more.
        said = "No such file or directory";
      } else if (message != null && !(next instanceof StatusRuntimeException)) {
        said = message;
      }
    }
    return said;
  }
}
