package io.intermodal.server.several;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.intermodal.server.forward.ComputedCall;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.several.member.Member;
import java.util.List;
import java.util.concurrent.Callable;

/** Where a request goes. */
sealed interface Route {
  /** The call that answers it, not started. */
  ClientCall<byte[], byte[]> open(MethodDescriptor<byte[], byte[]> method, CallOptions options);

  /** What the log and the metrics call who serves it. */
  String servedBy();

  /** What is sent. */
  byte[] request();

  /** To one engine, and what its good answer means for what is known of it. */
  final class ToMember implements Route {
    private final Member member;
    private final CriCalls calls;
    private final byte[] request;
    private final After after;

    ToMember(Member member, byte[] request, After after) {
      this(member, member, request, after);
    }

    /**
     * The same by a way of its own.
     *
     * @param calls lead to the engine
     */
    ToMember(Member member, CriCalls calls, byte[] request, After after) {
      this.member = member;
      this.calls = calls;
      this.request = request;
      this.after = after;
    }

    @Override
    public ClientCall<byte[], byte[]> open(
        MethodDescriptor<byte[], byte[]> method, CallOptions options) {
      ClientCall<byte[], byte[]> call = calls.open(method, options);
      return after == After.NOTHING ? call : new NotedCall(call, member, after, request);
    }

    @Override
    public String servedBy() {
      return member.name();
    }

    @Override
    public byte[] request() {
      return request;
    }
  }

  /** Answered here, from what several engines say. */
  final class ToAll implements Route {
    static final String NAME = "all";

    private final String rpc;
    private final byte[] request;
    private final Callable<List<byte[]>> answer;

    ToAll(String rpc, byte[] request, Callable<List<byte[]>> answer) {
      this.rpc = rpc;
      this.request = request;
      this.answer = answer;
    }

    @Override
    public ClientCall<byte[], byte[]> open(
        MethodDescriptor<byte[], byte[]> method, CallOptions options) {
      return new ComputedCall(rpc, answer);
    }

    @Override
    public String servedBy() {
      return NAME;
    }

    @Override
    public byte[] request() {
      return request;
    }
  }

  /** To the streams of several engines as one. */
  final class ToStreams implements Route {
    private final byte[] request;
    private final CriCalls streams;

    ToStreams(byte[] request, CriCalls streams) {
      this.request = request;
      this.streams = streams;
    }

    @Override
    public ClientCall<byte[], byte[]> open(
        MethodDescriptor<byte[], byte[]> method, CallOptions options) {
      return streams.open(method, options);
    }

    @Override
    public String servedBy() {
      return ToAll.NAME;
    }

    @Override
    public byte[] request() {
      return request;
    }
  }

  /** What a good answer changes of what is known. */
  enum After {
    NOTHING,
    /** Something on the engine is another now. */
    CHANGED,
    /** There is a sandbox, whose id is the answer's first field. */
    SANDBOX_MADE,
    /** The sandbox is there and not ready. */
    SANDBOX_STOPPED,
    SANDBOX_REMOVED,
    /** There is a container, whose id is the answer's first field. */
    CONTAINER_MADE,
    CONTAINER_STARTED,
    CONTAINER_STOPPED,
    CONTAINER_REMOVED
  }
}
