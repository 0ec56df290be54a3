package io.intermodal.server.tracing;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.intermodal.server.transport.Transport;
import io.intermodal.server.wire.Frames;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to a collector, on the event loops that are there already. It is made with the
 * first spans and again with any that follow a failure. What is not taken is not sent again; the
 * log says so once, and once when spans are taken again.
 */
final class Collector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private static final MethodDescriptor<byte[], byte[]> EXPORT =
      Frames.method("opentelemetry.proto.collector.trace.v1.TraceService/Export").toBuilder()
          .setType(MethodType.UNARY)
          .build();

  private final String address;
  private final ManagedChannel channel;
  private final AtomicBoolean away = new AtomicBoolean();

  private Collector(String address, ManagedChannel channel) {
    this.address = address;
    this.channel = channel;
  }

  /** One that need not be up. */
  static Collector at(InetSocketAddress endpoint, Transport transport) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(endpoint.getHostString(), endpoint.getPort())
            .eventLoopGroup(transport.eventLoops())
            .channelType(transport.tcpClient(), InetSocketAddress.class)
            .directExecutor()
            .disableRetry()
            .usePlaintext()
            .build();
    return new Collector(channel.authority(), channel);
  }

  /**
   * Sends spans to it.
   *
   * @param patience for each sending
   */
  SpanExporter exporter(Duration patience) {
    return OtlpGrpcSpanExporter.builder()
        .setEndpoint("http://" + address)
        .setTimeout(patience)
        .setMeterProvider(MeterProvider.noop())
        .setComponentLoader(new Loader(patience))
        .build();
  }

  /** Where the exporter looks for whom to send with. */
  private final class Loader implements ComponentLoader {
    private final GrpcSenderProvider senders;

    Loader(Duration patience) {
      senders = _ -> new Sender(patience);
    }

    @Override
    public <T> Iterable<T> load(Class<T> type) {
      return type.isInstance(senders) ? List.of(type.cast(senders)) : List.of();
    }
  }

  private final class Sender implements GrpcSender {
    private final Duration patience;

    Sender(Duration patience) {
      this.patience = patience;
    }

    @Override
    public void send(
        MessageWriter spans, Consumer<GrpcResponse> answered, Consumer<Throwable> failed) {
      ByteArrayOutputStream message = new ByteArrayOutputStream(spans.getContentLength());
      try {
        spans.writeMessage(message);
      } catch (IOException e) {
        failed.accept(e);
        return;
      }
      // gRPC itself would wait up to two minutes between two tries.
      channel.resetConnectBackoff();
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
      Futures.addCallback(
          ClientCalls.futureUnaryCall(channel.newCall(EXPORT, options), message.toByteArray()),
          new FutureCallback<>() {
            @Override
            public void onSuccess(byte[] answer) {
              taken();
              answered.accept(new Taken(answer));
            }

            @Override
            public void onFailure(Throwable failure) {
              notTaken(Status.fromThrowable(failure));
              failed.accept(failure);
            }
          },
          MoreExecutors.directExecutor());
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  /** What the collector said when it took spans. */
  private static final class Taken implements GrpcResponse {
    private final byte[] answer;

    Taken(byte[] answer) {
      this.answer = answer;
    }

    @Override
    public GrpcStatusCode getStatusCode() {
      return GrpcStatusCode.OK;
    }

    @Override
    public String getStatusDescription() {
      return "";
    }

    @Override
    public byte[] getResponseMessage() {
      return answer;
    }
  }

  private void taken() {
    if (away.compareAndSet(true, false)) {
      log.info("the collector on {} takes spans again", address);
    }
  }

  private void notTaken(Status status) {
    if (away.compareAndSet(false, true)) {
      log.warn(
          "the collector on {} does not take spans, they are dropped until it does: {}",
          address,
          reason(status));
    }
  }

  private static String reason(Status status) {
    Throwable cause = status.getCause();
    String said = cause == null ? status.getDescription() : cause.getMessage();
    return said == null ? status.getCode().name() : said;
  }

  /** Hangs up, at once. */
  @Override
  public void close() {
    // What is cut off now is no news of the collector.
    away.set(true);
    channel.shutdownNow();
  }
}
