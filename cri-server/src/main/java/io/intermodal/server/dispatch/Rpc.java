package io.intermodal.server.dispatch;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.EngineConnection.Translating;
import io.intermodal.runtime.events.Subscription;
import java.util.List;
import java.util.function.Function;

/**
 * A line of the table: an RPC and what answers it.
 *
 * @param <Q> the request
 * @param <A> the answer, or one message of it
 */
sealed interface Rpc<Q, A extends MessageLite> {
  MethodDescriptor<Q, A> method();

  /** The RPC as people call it: {@code ListContainers}. */
  default String name() {
    return nameOf(method());
  }

  /** The same for a method of the contract that may not be served. */
  static String nameOf(MethodDescriptor<?, ?> method) {
    String name = method.getBareMethodName();
    return name == null ? method.getFullMethodName() : name;
  }

  /** An operation of a translating engine. */
  @FunctionalInterface
  interface Operation<Q, A> {
    A apply(Translating engine, Q request, Call call);
  }

  /** One request, one answer. */
  record Unary<Q, A extends MessageLite>(MethodDescriptor<Q, A> method, Operation<Q, A> operation)
      implements Rpc<Q, A> {}

  /**
   * A list in pieces: for lists that do not fit into one message.
   *
   * @param <I> an item of the list
   * @param items the whole list
   * @param chunk some of the items as a message
   */
  record ListStream<Q, A extends MessageLite, I extends MessageLite>(
      MethodDescriptor<Q, A> method, Operation<Q, List<I>> items, Function<List<I>, A> chunk)
      implements Rpc<Q, A> {}

  /**
   * What happens from now on, until the caller leaves.
   *
   * @param events a subscription of the caller's own
   */
  record EventStream<Q, A extends MessageLite>(
      MethodDescriptor<Q, A> method, Operation<Q, Subscription<A>> events) implements Rpc<Q, A> {}
}
