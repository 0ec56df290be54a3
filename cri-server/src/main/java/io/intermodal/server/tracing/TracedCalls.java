package io.intermodal.server.tracing;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.server.forward.CriCalls;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/**
 * A span for each call to an engine in the course of a request that has one; the engine is told to
 * continue it. Calls of the server's own have none.
 */
final class TracedCalls implements CriCalls {
  private final Tracer tracer;
  private final String name;
  private final CriCalls engine;

  TracedCalls(Tracer tracer, String name, CriCalls engine) {
    this.tracer = tracer;
    this.name = name;
    this.engine = engine;
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    ClientCall<byte[], byte[]> call = engine.open(method, options);
    Span request = TracedRequests.current();
    return request == null ? call : new TracedCall(call, method.getFullMethodName(), request);
  }

  private final class TracedCall extends SimpleForwardingClientCall<byte[], byte[]> {
    private final String method;
    private final Span request;

    TracedCall(ClientCall<byte[], byte[]> call, String method, Span request) {
      super(call);
      this.method = method;
      this.request = request;
    }

    @Override
    public void start(Listener<byte[]> listener, Metadata headers) {
      Span span =
          tracer
              .spanBuilder(method)
              .setParent(Context.root().with(request))
              .setSpanKind(SpanKind.CLIENT)
              .startSpan();
      TraceHeaders.write(span, headers);
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              CallAttributes.end(span, method, name, status, !status.isOk());
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }
}
