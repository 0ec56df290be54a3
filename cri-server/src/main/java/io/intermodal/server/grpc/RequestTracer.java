package io.intermodal.server.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * Follows requests: is told of each one what {@link RequestLog} sees of it. Must neither wait nor
 * throw.
 */
@FunctionalInterface
public interface RequestTracer {
  /** For servers that are not traced. */
  RequestTracer NONE = (_, _) -> Trace.NONE;

  /**
   * A request has arrived.
   *
   * @param method its full name, {@code runtime.v1.RuntimeService/Version}
   * @param headers the caller's metadata
   */
  Trace began(String method, Metadata headers);

  /** One request that is followed. */
  interface Trace {
    /** One that is not. */
    Trace NONE = new Trace() {};

    /** The context in which the request is served. */
    default Context within(Context request) {
      return request;
    }

    /** A message of the caller: one of CRI's, or its bytes. */
    default void asked(Object message) {}

    /** A message to the caller, likewise. */
    default void answered(Object message) {}

    /**
     * The request was answered, or its caller went away. Told once.
     *
     * @param engine that served it
     */
    default void ended(String engine, Status status) {}
  }
}
