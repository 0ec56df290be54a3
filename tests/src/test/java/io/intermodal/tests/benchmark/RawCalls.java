package io.intermodal.tests.benchmark;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A client that costs as little as one can: empty requests, answers that are not decoded, and the
 * next call begun on the event loop that brought the answer.
 */
final class RawCalls implements AutoCloseable {
  private static final int MESSAGE_BYTES = 16 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final EventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ManagedChannel channel;

  RawCalls(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(events)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .directExecutor()
            .flowControlWindow(MESSAGE_BYTES)
            .maxInboundMessageSize(MESSAGE_BYTES)
            .overrideAuthority("localhost")
            .build();
  }

  /** Nanoseconds of each of so many calls, one after another. */
  long[] times(String method, int count) {
    long[] times = new long[count];
    AtomicInteger done = new AtomicInteger();
    callers(method, 1, nanos -> times[done.getAndIncrement()] = nanos, () -> done.get() < count);
    return times;
  }

  /** How many calls were answered to so many callers in this time. */
  long answered(String method, int callers, Duration time) {
    AtomicLong answered = new AtomicLong();
    long end = System.nanoTime() + time.toNanos();
    callers(method, callers, _ -> answered.incrementAndGet(), () -> System.nanoTime() < end);
    return answered.get();
  }

  private interface Answered {
    void after(long nanos);
  }

  /**
   * Callers that call again and again as long as there is more to do; returns when all are done.
   */
  private void callers(String name, int count, Answered answered, BooleanSupplier more) {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(name)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    CompletableFuture<?>[] ends = new CompletableFuture<?>[count];
    for (int i = 0; i < count; i++) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      ends[i] = end;
      events.execute(() -> new Caller(method, answered, more, end).call());
    }
    CompletableFuture.allOf(ends).orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  private final class Caller {
    private final MethodDescriptor<byte[], byte[]> method;
    private final Answered answered;
    private final BooleanSupplier more;
    private final CompletableFuture<Void> end;

    Caller(
        MethodDescriptor<byte[], byte[]> method,
        Answered answered,
        BooleanSupplier more,
        CompletableFuture<Void> end) {
      this.method = method;
      this.answered = answered;
      this.more = more;
      this.end = end;
    }

    void call() {
      ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
      long start = System.nanoTime();
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              if (!status.isOk()) {
                end.completeExceptionally(status.asRuntimeException());
                return;
              }
              answered.after(System.nanoTime() - start);
              if (more.getAsBoolean()) {
                // Not from within: answers may come before the stack is unwound.
                events.execute(Caller.this::call);
              } else {
                end.complete(null);
              }
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage(new byte[0]);
      call.halfClose();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
