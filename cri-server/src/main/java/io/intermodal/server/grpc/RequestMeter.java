package io.intermodal.server.grpc;

import io.grpc.Status;

/** Is told of each request twice: when it begins and when it ends. Must neither wait nor throw. */
public interface RequestMeter {
  /** For servers that are not measured. */
  RequestMeter NONE =
      new RequestMeter() {
        @Override
        public void began(String rpc) {}

        @Override
        public void ended(String rpc, String engine, Status.Code code, long nanos) {}
      };

  /**
   * A request has arrived.
   *
   * @param rpc its bare name, as the client gave it: it need not be an RPC of CRI
   */
  void began(String rpc);

  /**
   * That request was answered, or its caller went away, after so many nanoseconds.
   *
   * @param engine that served it
   */
  void ended(String rpc, String engine, Status.Code code, long nanos);

  /** Both are told. */
  default RequestMeter and(RequestMeter other) {
    RequestMeter first = this;
    return new RequestMeter() {
      @Override
      public void began(String rpc) {
        first.began(rpc);
        other.began(rpc);
      }

      @Override
      public void ended(String rpc, String engine, Status.Code code, long nanos) {
        first.ended(rpc, engine, code, nanos);
        other.ended(rpc, engine, code, nanos);
      }
    };
  }
}
