package io.intermodal.server.cri;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.intermodal.server.Client;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.grpc.CriServer;
import io.intermodal.server.grpc.RequestLog;
import io.intermodal.server.grpc.RequestMeter;
import io.intermodal.server.grpc.RequestTracer;
import io.intermodal.server.transport.Transport;
import io.intermodal.server.wire.Frames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Methods behind the real server on a real socket, with a caller. */
public final class Served implements AutoCloseable {
  private final CriServer server;
  private final Client client;

  private Served(CriServer server, Client client) {
    this.server = server;
    this.client = client;
  }

  public static Served at(Path socket, HandlerRegistry methods, Transport transport)
      throws IOException {
    CriServer server =
        CriServer.start(
            socket,
            Map.of(),
            transport,
            new CriServer.Content(
                List.of(),
                methods,
                CriServer.CallThread.EVENT_LOOP,
                new RequestLog("scripted", RequestMeter.NONE, RequestTracer.NONE),
                CriServices.LARGEST_MESSAGE,
                Duration.ofSeconds(2)));
    return new Served(server, new Client(socket));
  }

  public Channel channel() {
    return client.channel();
  }

  /** A caller with stubs. */
  public Client client() {
    return client;
  }

  /** Calls an RPC of CRI v1 by its bare name. */
  public RawCall call(String rpc, byte[] request) {
    return RawCall.of(client.channel(), Frames.rpc(rpc), request);
  }

  /** The same for a caller who waits so long at most. */
  public RawCall call(String rpc, byte[] request, Duration patience) {
    return RawCall.of(
        client.channel(),
        Frames.rpc(rpc),
        request,
        CallOptions.DEFAULT.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS),
        new Metadata());
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
