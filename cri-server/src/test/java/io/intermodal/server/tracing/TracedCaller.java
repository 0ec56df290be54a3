package io.intermodal.server.tracing;

import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;

/** A caller that is in a trace. */
final class TracedCaller {
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String SPAN = "00f067aa0ba902b7";

  static final Metadata.Key<String> PARENT = key("traceparent");
  static final Metadata.Key<String> STATE = key("tracestate");

  private TracedCaller() {}

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** The stub, as used by a caller whose trace is recorded. */
  static <S extends AbstractStub<S>> S recorded(S stub) {
    return with(stub, "00-%s-%s-01".formatted(TRACE, SPAN));
  }

  /** The stub, as used by a caller whose trace is not recorded. */
  static <S extends AbstractStub<S>> S unrecorded(S stub) {
    return with(stub, "00-%s-%s-00".formatted(TRACE, SPAN));
  }

  /** The stub with that header. */
  static <S extends AbstractStub<S>> S with(S stub, String parent) {
    Metadata headers = new Metadata();
    headers.put(PARENT, parent);
    headers.put(STATE, "vendor=1");
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
