package io.intermodal.server.tracing;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.intermodal.server.grpc.RequestTracer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A span for each request, from its arrival until it is answered or its caller goes away. */
final class TracedRequests implements RequestTracer {
  private static final Context.Key<Span> REQUEST = Context.key("span of the request");

  /**
   * What is a failure of the server, by OpenTelemetry's conventions for gRPC. A container that is
   * not there, for one, is an answer.
   */
  private static final Set<Code> FAILURES =
      Set.of(
          Code.UNKNOWN,
          Code.DEADLINE_EXCEEDED,
          Code.UNIMPLEMENTED,
          Code.INTERNAL,
          Code.UNAVAILABLE,
          Code.DATA_LOSS);

  private final Tracer tracer;
  private final boolean onlyCallersTraces;

  /**
   * @param onlyCallersTraces whether a caller that is in no trace is left alone
   */
  TracedRequests(Tracer tracer, boolean onlyCallersTraces) {
    this.tracer = tracer;
    this.onlyCallersTraces = onlyCallersTraces;
  }

  /** The span of the request that this thread works for; null when it has none. */
  static @Nullable Span current() {
    return REQUEST.get();
  }

  @Override
  public Trace began(String method, Metadata headers) {
    var caller = TraceHeaders.read(headers);
    if (onlyCallersTraces && !Span.fromContext(caller).getSpanContext().isValid()) {
      return Trace.NONE;
    }
    Span span =
        tracer.spanBuilder(method).setParent(caller).setSpanKind(SpanKind.SERVER).startSpan();
    return new TracedRequest(span, method);
  }

  private static final class TracedRequest implements Trace {
    private final Span span;
    private final String method;
    private boolean asked;
    private boolean answered;

    TracedRequest(Span span, String method) {
      this.span = span;
      this.method = method;
    }

    @Override
    public Context within(Context request) {
      return request.withValue(REQUEST, span);
    }

    @Override
    public void asked(Object message) {
      if (!asked && span.isRecording()) {
        asked = true;
        Subject.ofRequest(method, message).ifPresent(subject -> subject.describe(span));
      }
    }

    @Override
    public void answered(Object message) {
      if (!answered && span.isRecording()) {
        answered = true;
        Subject.ofAnswer(method, message).ifPresent(subject -> subject.describe(span));
      }
    }

    @Override
    public void ended(String engine, Status status) {
      CallAttributes.end(span, method, engine, status, FAILURES.contains(status.getCode()));
    }
  }
}
