package io.intermodal.server.grpc;

import io.intermodal.runtime.EngineConnection;
import io.intermodal.server.Client;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.dispatch.OpenStreams;
import io.intermodal.server.dispatch.ServedEngine;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A scripted engine behind the real server on a real socket, with a client. */
public final class ServedScript implements AutoCloseable {
  private final OpenStreams streams = new OpenStreams();
  private final Transport transport;
  private final CriServer server;
  private final Client client;

  ServedScript(Path socket, EngineConnection.Translating engine, Transport transport)
      throws IOException {
    this(socket, engine, transport, Duration.ofSeconds(10));
  }

  ServedScript(
      Path socket, EngineConnection.Translating engine, Transport transport, Duration grace)
      throws IOException {
    this(socket, engine, transport, grace, RequestMeter.NONE, RequestTracer.NONE);
  }

  private ServedScript(
      Path socket,
      EngineConnection.Translating engine,
      Transport transport,
      Duration grace,
      RequestMeter meter,
      RequestTracer tracer)
      throws IOException {
    this.transport = transport;
    this.server =
        CriServer.start(
            socket,
            Map.of(),
            transport,
            new CriServer.Content(
                CriServices.of(new ServedEngine("scripted", engine), streams),
                new UnknownMethods(),
                CriServer.CallThread.VIRTUAL,
                new RequestLog("scripted", meter, tracer),
                CriServices.LARGEST_MESSAGE,
                grace));
    this.client = new Client(socket);
  }

  /** Starts it on the best transport. */
  public static ServedScript at(Path socket, EngineConnection.Translating engine)
      throws IOException {
    return new ServedScript(socket, engine, Transport.best());
  }

  /** Starts it with somebody who is told of each request. */
  public static ServedScript measured(
      Path socket, EngineConnection.Translating engine, RequestMeter meter) throws IOException {
    return new ServedScript(
        socket, engine, Transport.best(), Duration.ofSeconds(10), meter, RequestTracer.NONE);
  }

  /** Starts it with somebody who follows requests. */
  public static ServedScript traced(
      Path socket, EngineConnection.Translating engine, RequestTracer tracer) throws IOException {
    return new ServedScript(
        socket, engine, Transport.best(), Duration.ofSeconds(10), RequestMeter.NONE, tracer);
  }

  public Client client() {
    return client;
  }

  /** What would not end by itself. */
  public OpenStreams streams() {
    return streams;
  }

  /** Stops the server and leaves the client. */
  public void stopServer() {
    streams.close();
    server.close();
  }

  @Override
  public void close() {
    client.close();
    server.close();
    transport.close();
  }
}
