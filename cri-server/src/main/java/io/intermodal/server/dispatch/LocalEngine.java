package io.intermodal.server.dispatch;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.intermodal.server.forward.CriCalls;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A translating engine as one that speaks CRI, inside of this process: to stand beside engines that
 * do. A call has a virtual thread of its own there, so that the caller's may be an event loop.
 */
public final class LocalEngine implements CriCalls, AutoCloseable {
  private static final int GRACE_SECONDS = 1;

  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final Server server;
  private final ManagedChannel channel;

  private LocalEngine(String name, ServedEngine engine, OpenStreams streams) throws IOException {
    server =
        InProcessServerBuilder.forName(name)
            .executor(requests)
            .addServices(CriServices.of(engine, streams))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  /**
   * Starts serving.
   *
   * @param streams keeps the streams that are open, to be closed before this is
   */
  public static LocalEngine start(ServedEngine engine, OpenStreams streams) throws IOException {
    return new LocalEngine(InProcessServerBuilder.generateName(), engine, streams);
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return channel.newCall(method, options);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    try {
      var _ = server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Not closed: that would wait for operations whose callers are gone.
    requests.shutdown();
  }
}
