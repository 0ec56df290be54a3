package io.intermodal.server.tracing;

import io.grpc.Metadata;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;

/** A trace as it goes from process to process: W3C's traceparent and tracestate, as metadata. */
final class TraceHeaders {
  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<Metadata> GETTER =
      (headers, name) -> headers == null ? null : headers.get(key(name));

  private static final TextMapSetter<Metadata> SETTER =
      (headers, name, value) -> {
        if (headers != null) {
          headers.put(key(name), value);
        }
      };

  private TraceHeaders() {}

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** What a caller says; the root context when it says nothing that can be understood. */
  static Context read(Metadata headers) {
    return W3C.extract(Context.root(), headers, GETTER);
  }

  /** Tells whoever is called to continue this span, instead of what the headers said. */
  static void write(Span span, Metadata headers) {
    for (String name : W3C.fields()) {
      headers.discardAll(key(name));
    }
    W3C.inject(Context.root().with(span), headers, SETTER);
  }
}
