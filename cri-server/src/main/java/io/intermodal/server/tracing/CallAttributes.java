package io.intermodal.server.tracing;

import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** What is said of a call of gRPC when it has ended, by OpenTelemetry's conventions. */
final class CallAttributes {
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<Long> CODE = AttributeKey.longKey("rpc.grpc.status_code");
  private static final AttributeKey<String> ENGINE = AttributeKey.stringKey("intermodal.engine");

  private CallAttributes() {}

  /**
   * Ends the span of a call.
   *
   * @param method its full name
   * @param engine that served it
   * @param failed whether the status makes the span a failed one
   */
  static void end(Span span, String method, String engine, Status status, boolean failed) {
    if (!span.isRecording()) {
      return;
    }
    int slash = method.lastIndexOf('/');
    span.setAttribute(SYSTEM, "grpc");
    span.setAttribute(SERVICE, method.substring(0, Math.max(0, slash)));
    span.setAttribute(METHOD, method.substring(slash + 1));
    span.setAttribute(CODE, (long) status.getCode().value());
    span.setAttribute(ENGINE, engine);
    if (failed) {
      String said = status.getDescription();
      span.setStatus(StatusCode.ERROR, said == null ? status.getCode().name() : said);
    }
    span.end();
  }
}
