package io.intermodal.server.tracing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.intermodal.server.wire.Frames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A collector of spans on a free port of this host. */
final class SpanCollector implements AutoCloseable {
  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

  private final List<ReceivedSpan> received = new ArrayList<>();
  private final Server server;

  SpanCollector() throws IOException {
    this(0);
  }

  SpanCollector(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(
                        Frames.method(SERVICE + "/Export").toBuilder()
                            .setType(MethodType.UNARY)
                            .build(),
                        ServerCalls.asyncUnaryCall((request, answer) -> {
                          take(request);
                          answer.onNext(new byte[0]);
                          answer.onCompleted();
                        }))
                    .build())
            .build()
            .start();
  }

  private synchronized void take(byte[] request) {
    try {
      received.addAll(ReceivedSpan.all(request));
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
    notifyAll();
  }

  InetSocketAddress address() {
    return InetSocketAddress.createUnresolved("127.0.0.1", server.getPort());
  }

  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** All that came so far. */
  synchronized List<ReceivedSpan> spans() {
    return List.copyOf(received);
  }

  /** The only span that came. */
  ReceivedSpan only() {
    List<ReceivedSpan> spans = spans();
    if (spans.size() != 1) {
      throw new AssertionError("expected one span: " + spans);
    }
    return spans.getFirst();
  }

  /** Waits for a number of spans. */
  synchronized List<ReceivedSpan> await(int spans) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (received.size() < spans) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("expected " + spans + " spans: " + received);
      }
      wait(left);
    }
    return spans();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
