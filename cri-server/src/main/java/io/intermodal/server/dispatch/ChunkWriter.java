package io.intermodal.server.dispatch;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.function.Function;

/**
 * Writes chunks as messages as long as the caller keeps up, and goes on when it has caught up, so
 * that a slow caller costs no memory.
 */
final class ChunkWriter<A, I extends MessageLite> {
  private final Chunks<I> chunks;
  private final Function<List<I>, A> message;
  private final ServerCallStreamObserver<A> out;
  private boolean done;

  ChunkWriter(Chunks<I> chunks, Function<List<I>, A> message, ServerCallStreamObserver<A> out) {
    this.chunks = chunks;
    this.message = message;
    this.out = out;
  }

  /**
   * Writes what can be written now. Called at first and whenever the caller is ready for more, by
   * one thread at a time: gRPC runs a call's callbacks in order.
   */
  void write() {
    while (!done && out.isReady() && chunks.hasNext()) {
      out.onNext(message.apply(chunks.next()));
    }
    if (!done && !chunks.hasNext()) {
      done = true;
      out.onCompleted();
    }
  }
}
