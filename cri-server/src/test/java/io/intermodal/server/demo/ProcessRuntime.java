package io.intermodal.server.demo;

import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxNetworkStatus;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.PodSandboxStatusResponse;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.RemoveContainerResponse;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RemovePodSandboxResponse;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.cri.v1.RuntimeStatus;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StartContainerResponse;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.StopPodSandboxResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.server.pause.PauseImage;
import io.intermodal.server.pause.PauseProgram;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A CRI server without an engine: a pod is an entry, its container a process of this host with the
 * image's program, its address loopback. Single calls can be told to fail or to be silent.
 */
final class ProcessRuntime implements AutoCloseable {
  final Set<String> images = ConcurrentHashMap.newKeySet();
  final Map<String, PodSandboxConfig> pods = new ConcurrentHashMap<>();
  final List<String> calls = new ArrayList<>();

  /** What a call ends with instead of its answer, by name. It is served first all the same. */
  final Map<String, Status> failures = new ConcurrentHashMap<>();

  volatile boolean networkReady = true;
  volatile boolean printsNothing;

  /** Netty warns for each connection that Unix sockets lack an option of TCP. */
  private static final Logger NETTY = Logger.getLogger("io.netty.bootstrap");

  static {
    NETTY.setLevel(Level.SEVERE);
  }

  private final Path folder;
  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;
  private @Nullable CreateContainerRequest created;
  private @Nullable Process process;

  ProcessRuntime(Path folder) throws IOException {
    this.folder = folder;
    Path program = Files.write(folder.resolve("pause"), PauseProgram.load().elf().toByteArray());
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    images.add(PauseImage.load().reference());
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket()))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(eventLoop)
            .workerEventLoopGroup(eventLoop)
            .addService(new Pods())
            .addService(new Images())
            .intercept(new Failing())
            .build()
            .start();
  }

  Path socket() {
    return folder.resolve("cri.sock");
  }

  /** Whether the container's process is alive. */
  synchronized boolean runs() {
    return process != null && process.isAlive();
  }

  @Override
  public void close() {
    server.shutdownNow();
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    end();
  }

  private synchronized int end() {
    Process running = process;
    if (running == null) {
      return 0;
    }
    running.destroy();
    try {
      return running.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void start() {
    CreateContainerRequest request = created;
    if (request == null) {
      throw new IllegalStateException("no container was created");
    }
    PodSandboxConfig pod = request.getSandboxConfig();
    Path log = Path.of(pod.getLogDirectory(), request.getConfig().getLogPath());
    List<String> command = new ArrayList<>(request.getConfig().getCommandList());
    if (command.isEmpty()) {
      command.add(folder.resolve("pause").toString());
    } else {
      command.set(0, request.getConfig().getMounts(0).getHostPath());
    }
    command.addAll(request.getConfig().getArgsList());
    try {
      Process started = new ProcessBuilder(command).start();
      process = started;
      String line = started.inputReader(StandardCharsets.UTF_8).readLine();
      if (!printsNothing) {
        Files.writeString(log, "2026-01-01T00:00:00.000000000Z stdout F " + line + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <A> void answer(StreamObserver<A> observer, A answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  private final class Failing implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String rpc = String.valueOf(call.getMethodDescriptor().getBareMethodName());
      synchronized (calls) {
        calls.add(rpc);
      }
      Status failure = failures.get(rpc);
      if (failure == null) {
        return next.startCall(call, headers);
      }
      return next.startCall(
          new SimpleForwardingServerCall<Q, A>(call) {
            @Override
            public void sendHeaders(Metadata answered) {}

            @Override
            public void sendMessage(A message) {}

            @Override
            public void close(Status status, Metadata trailers) {
              super.close(failure, trailers);
            }
          },
          headers);
    }
  }

  private final class Images extends ImageServiceGrpc.ImageServiceImplBase {
    @Override
    public void imageStatus(ImageStatusRequest q, StreamObserver<ImageStatusResponse> a) {
      ImageStatusResponse.Builder response = ImageStatusResponse.newBuilder();
      if (images.contains(q.getImage().getImage())) {
        response.setImage(Image.newBuilder().setId("sha256:1"));
      }
      answer(a, response.build());
    }

    @Override
    public void pullImage(PullImageRequest q, StreamObserver<PullImageResponse> a) {
      images.add(q.getImage().getImage());
      answer(a, PullImageResponse.newBuilder().setImageRef("sha256:1").build());
    }
  }

  private final class Pods extends RuntimeServiceGrpc.RuntimeServiceImplBase {
    @Override
    public void version(VersionRequest q, StreamObserver<VersionResponse> a) {
      answer(
          a,
          VersionResponse.newBuilder()
              .setRuntimeName("processes")
              .setRuntimeVersion("1.0")
              .build());
    }

    @Override
    public void status(StatusRequest q, StreamObserver<StatusResponse> a) {
      answer(
          a,
          StatusResponse.newBuilder()
              .setStatus(
                  RuntimeStatus.newBuilder()
                      .addConditions(
                          RuntimeCondition.newBuilder().setType("RuntimeReady").setStatus(true))
                      .addConditions(
                          RuntimeCondition.newBuilder()
                              .setType("NetworkReady")
                              .setStatus(networkReady)
                              .setReason("NetworkPluginNotReady")
                              .setMessage("/etc/cni/net.d is empty")))
              .build());
    }

    @Override
    public void runPodSandbox(RunPodSandboxRequest q, StreamObserver<RunPodSandboxResponse> a) {
      String id = "sandbox-of-" + q.getConfig().getMetadata().getName();
      pods.put(id, q.getConfig());
      answer(a, RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build());
    }

    @Override
    public void podSandboxStatus(
        PodSandboxStatusRequest q, StreamObserver<PodSandboxStatusResponse> a) {
      answer(
          a,
          PodSandboxStatusResponse.newBuilder()
              .setStatus(
                  PodSandboxStatus.newBuilder()
                      .setNetwork(PodSandboxNetworkStatus.newBuilder().setIp("127.0.0.1")))
              .build());
    }

    @Override
    public void listPodSandbox(ListPodSandboxRequest q, StreamObserver<ListPodSandboxResponse> a) {
      ListPodSandboxResponse.Builder response = ListPodSandboxResponse.newBuilder();
      pods.forEach((id, config) -> {
        if (config
            .getLabelsMap()
            .entrySet()
            .containsAll(q.getFilter().getLabelSelectorMap().entrySet())) {
          response.addItems(PodSandbox.newBuilder().setId(id));
        }
      });
      answer(a, response.build());
    }

    @Override
    public void createContainer(
        CreateContainerRequest q, StreamObserver<CreateContainerResponse> a) {
      synchronized (ProcessRuntime.this) {
        created = q;
      }
      answer(a, CreateContainerResponse.newBuilder().setContainerId("container").build());
    }

    @Override
    public void startContainer(StartContainerRequest q, StreamObserver<StartContainerResponse> a) {
      start();
      answer(a, StartContainerResponse.getDefaultInstance());
    }

    @Override
    public void containerStatus(
        ContainerStatusRequest q, StreamObserver<ContainerStatusResponse> a) {
      answer(
          a,
          ContainerStatusResponse.newBuilder()
              .setStatus(ContainerStatus.newBuilder().setExitCode(runs() ? 0 : end()))
              .build());
    }

    @Override
    public void execSync(ExecSyncRequest q, StreamObserver<ExecSyncResponse> a) {
      List<String> command = new ArrayList<>(q.getCmdList());
      command.set(0, folder.resolve("pause").toString());
      try {
        Process executed = new ProcessBuilder(command).start();
        byte[] output = executed.getInputStream().readAllBytes();
        answer(
            a,
            ExecSyncResponse.newBuilder()
                .setStdout(ByteString.copyFrom(output))
                .setExitCode(executed.waitFor())
                .build());
      } catch (IOException | InterruptedException e) {
        a.onError(e);
      }
    }

    @Override
    public void stopContainer(StopContainerRequest q, StreamObserver<StopContainerResponse> a) {
      end();
      answer(a, StopContainerResponse.getDefaultInstance());
    }

    @Override
    public void removeContainer(
        RemoveContainerRequest q, StreamObserver<RemoveContainerResponse> a) {
      answer(a, RemoveContainerResponse.getDefaultInstance());
    }

    @Override
    public void stopPodSandbox(StopPodSandboxRequest q, StreamObserver<StopPodSandboxResponse> a) {
      end();
      answer(a, StopPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void removePodSandbox(
        RemovePodSandboxRequest q, StreamObserver<RemovePodSandboxResponse> a) {
      pods.remove(q.getPodSandboxId());
      answer(a, RemovePodSandboxResponse.getDefaultInstance());
    }
  }
}
