package io.intermodal.server.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.intermodal.server.grpc.RequestTracer.Trace;
import io.intermodal.server.wire.Requests;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The one place where each request is seen to begin and to end. It is logged once, when it ends:
 * RPC, object, engine, duration, code. At debug, or at warn when the engine or we failed in a way
 * that says nothing about the request. At trace also the request itself, without secrets.
 */
public final class RequestLog implements ServerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);
  private static final Set<Status.Code> FAULTS = Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN);

  private final String engine;
  private final RequestMeter meter;
  private final RequestTracer tracer;

  /**
   * @param engine the engine that serves, unless it is noted otherwise by {@link ServedBy}
   * @param meter who is told too
   * @param tracer who follows requests on
   */
  public RequestLog(String engine, RequestMeter meter, RequestTracer tracer) {
    this.engine = engine;
    this.meter = meter;
    this.tracer = tracer;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Entry entry =
        new Entry(
            String.valueOf(call.getMethodDescriptor().getBareMethodName()),
            tracer.began(call.getMethodDescriptor().getFullMethodName(), headers));
    Context context = entry.trace.within(entry.servedBy.within(Context.current()));
    ServerCall<Q, A> observed =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendMessage(A message) {
            entry.trace.answered(message);
            super.sendMessage(message);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            entry.end(status);
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(context, observed, headers, next)) {
      @Override
      public void onMessage(Q message) {
        entry.isAbout(message);
        super.onMessage(message);
      }

      @Override
      public void onCancel() {
        boolean late = Context.current().cancellationCause() instanceof TimeoutException;
        entry.end(late ? Status.DEADLINE_EXCEEDED : Status.CANCELLED);
        super.onCancel();
      }
    };
  }

  /** The log line of one request, while it is being put together. */
  private final class Entry {
    private final long start = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final String rpc;
    private final ServedBy servedBy = new ServedBy(engine);
    private final Trace trace;
    private volatile @Nullable Object request;

    Entry(String rpc, Trace trace) {
      this.rpc = rpc;
      this.trace = trace;
      meter.began(rpc);
    }

    void isAbout(Object message) {
      request = message;
      trace.asked(message);
      if (log.isTraceEnabled()) {
        readable().ifPresent(readable -> log.trace("{} {}", rpc, MessageText.of(readable)));
      }
    }

    private Optional<Object> readable() {
      Object message = request;
      return message instanceof byte[] bytes
          ? Requests.message(rpc, bytes).map(Object.class::cast)
          : Optional.ofNullable(message);
    }

    void end(Status status) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      long nanos = System.nanoTime() - start;
      meter.ended(rpc, servedBy.engine(), status.getCode(), nanos);
      trace.ended(servedBy.engine(), status);
      boolean fault = FAULTS.contains(status.getCode());
      if (!fault && !log.isDebugEnabled()) {
        return;
      }
      String duration = String.format(Locale.ROOT, "%.1fms", nanos / 1_000_000.0);
      String object = readable().map(RequestObject::of).orElse("");
      String reason = status.getDescription();
      try (var _ = MDC.putCloseable("rpc", rpc);
          var _ = MDC.putCloseable("object", object);
          var _ = MDC.putCloseable("engine", servedBy.engine());
          var _ = MDC.putCloseable("duration", duration);
          var _ = MDC.putCloseable("code", status.getCode().name())) {
        String text = reason == null || reason.isEmpty() ? "request" : "request: " + reason;
        if (fault) {
          log.warn(text);
        } else {
          log.debug(text);
        }
      }
    }
  }
}
