package io.intermodal.server.grpc;

import io.grpc.Context;

/** Notes which engine serves a request, where that is only known once the request was read. */
public final class ServedBy {
  private static final Context.Key<ServedBy> KEY = Context.key("served by");

  private volatile String engine;

  ServedBy(String engine) {
    this.engine = engine;
  }

  Context within(Context request) {
    return request.withValue(KEY, this);
  }

  String engine() {
    return engine;
  }

  /** The request that this thread works for is served by this engine. */
  public static void engine(String name) {
    ServedBy request = KEY.get();
    if (request != null) {
      request.engine = name;
    }
  }
}
