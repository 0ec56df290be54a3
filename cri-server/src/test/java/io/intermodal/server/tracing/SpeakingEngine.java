package io.intermodal.server.tracing;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.server.ScriptedConnection;
import io.intermodal.server.config.Settings;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.dispatch.OpenStreams;
import io.intermodal.server.dispatch.ServedEngine;
import io.intermodal.server.grpc.CriServer;
import io.intermodal.server.grpc.UnknownMethods;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An engine that speaks CRI on a socket of its own, cannot stream, and notes who called. */
final class SpeakingEngine implements AutoCloseable {
  private final Map<String, Metadata> lastHeaders = new ConcurrentHashMap<>();
  private final CriServer server;
  private final Path socket;

  SpeakingEngine(Path socket, Transport transport) throws IOException {
    this.socket = socket;
    this.server =
        CriServer.start(
            socket,
            Map.of(),
            transport,
            new CriServer.Content(
                CriServices.of(
                    new ServedEngine("speaking", new Script(socket.getFileName().toString())),
                    new OpenStreams()),
                new UnknownMethods(),
                CriServer.CallThread.VIRTUAL,
                new Notes(),
                CriServices.LARGEST_MESSAGE,
                Duration.ofSeconds(1)));
  }

  String endpoint() {
    return "unix://" + socket;
  }

  /** The metadata of the last call of an RPC. */
  Metadata headers(String rpc) {
    Metadata headers = lastHeaders.get(rpc);
    if (headers == null) {
      throw new AssertionError(rpc + " was not called");
    }
    return headers;
  }

  /** What is known of it to whoever forwards: as much as of a containerd. */
  EngineConnection.Forwarding facts() {
    ContainerEngine engine =
        Settings.engines().stream()
            .filter(candidate -> candidate.name().equals("containerd"))
            .findFirst()
            .orElseThrow();
    EngineConfig place = new EngineConfig(Optional.of(endpoint()));
    return (EngineConnection.Forwarding)
        engine.connect(
            place,
            () -> {
              throw new AssertionError("it needs nothing of the node");
            });
  }

  private final class Notes implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String rpc = String.valueOf(call.getMethodDescriptor().getBareMethodName());
      lastHeaders.put(rpc, headers);
      if (rpc.startsWith("Stream")) {
        call.close(Status.UNIMPLEMENTED.withDescription("no streams"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }

  private static final class Script extends ScriptedConnection {
    private final String name;

    Script(String name) {
      this.name = name;
    }

    @Override
    public VersionResponse version(VersionRequest request, Call call) {
      return VersionResponse.newBuilder().setRuntimeName(name).setRuntimeApiVersion("v1").build();
    }

    @Override
    public ListContainersResponse listContainers(ListContainersRequest request, Call call) {
      return ListContainersResponse.newBuilder()
          .addContainers(Container.newBuilder().setId("of-" + name))
          .build();
    }

    @Override
    public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call) {
      return ListPodSandboxResponse.getDefaultInstance();
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest request, Call call) {
      return ListImagesResponse.getDefaultInstance();
    }

    @Override
    public StopContainerResponse stopContainer(StopContainerRequest request, Call call) {
      if (request.getContainerId().equals("stuck")) {
        throw new CriException(CriException.Code.UNAVAILABLE, "the shim is gone");
      }
      return StopContainerResponse.getDefaultInstance();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
