package io.intermodal.docker;

import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.AttachResponse;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.cri.v1.ExecRequest;
import io.intermodal.cri.v1.ExecResponse;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.PodSandboxStatusResponse;
import io.intermodal.cri.v1.PortForwardRequest;
import io.intermodal.cri.v1.PortForwardResponse;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.RemoveContainerResponse;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.cri.v1.RemoveImageResponse;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RemovePodSandboxResponse;
import io.intermodal.cri.v1.ReopenContainerLogRequest;
import io.intermodal.cri.v1.ReopenContainerLogResponse;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.cri.v1.RuntimeConfigRequest;
import io.intermodal.cri.v1.RuntimeConfigResponse;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StartContainerResponse;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.StopPodSandboxResponse;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.cri.v1.UpdateContainerResourcesResponse;
import io.intermodal.cri.v1.UpdateRuntimeConfigRequest;
import io.intermodal.cri.v1.UpdateRuntimeConfigResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.api.DockerEvents;
import io.intermodal.docker.container.ContainerEnd;
import io.intermodal.docker.container.ContainerStatus;
import io.intermodal.docker.container.CreateContainer;
import io.intermodal.docker.container.FurtherLimits;
import io.intermodal.docker.container.ListContainers;
import io.intermodal.docker.container.OverdueEnds;
import io.intermodal.docker.container.RemoveContainer;
import io.intermodal.docker.container.ReopenContainerLog;
import io.intermodal.docker.container.StartContainer;
import io.intermodal.docker.container.StopContainer;
import io.intermodal.docker.container.UpdateContainerResources;
import io.intermodal.docker.image.ImageFsInfo;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.image.ImageStatus;
import io.intermodal.docker.image.ListImages;
import io.intermodal.docker.image.PullImage;
import io.intermodal.docker.image.RemoveImage;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.IndexFeed;
import io.intermodal.docker.index.Inspection;
import io.intermodal.docker.node.RuntimeConfig;
import io.intermodal.docker.node.Status;
import io.intermodal.docker.node.UpdateRuntimeConfig;
import io.intermodal.docker.node.Version;
import io.intermodal.docker.output.ContainerOutput;
import io.intermodal.docker.sandbox.ListPodSandbox;
import io.intermodal.docker.sandbox.PauseImage;
import io.intermodal.docker.sandbox.PodSandboxStatus;
import io.intermodal.docker.sandbox.PortForward;
import io.intermodal.docker.sandbox.RemovePodSandbox;
import io.intermodal.docker.sandbox.RunPodSandbox;
import io.intermodal.docker.sandbox.StopPodSandbox;
import io.intermodal.docker.session.Attach;
import io.intermodal.docker.session.Exec;
import io.intermodal.docker.session.ExecSync;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.node.NodeServices;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A connected Docker: the parts, put together, and the way from each RPC to its class. */
final class DockerConnection implements EngineConnection.Translating {
  private final DockerApi docker;
  private final DockerEvents events;
  private final ContainerOutput output;
  private final Version version;
  private final Status status;
  private final RuntimeConfig runtimeConfig;
  private final UpdateRuntimeConfig updateRuntimeConfig;
  private final RunPodSandbox runPodSandbox;
  private final StopPodSandbox stopPodSandbox;
  private final RemovePodSandbox removePodSandbox;
  private final PodSandboxStatus podSandboxStatus;
  private final ListPodSandbox listPodSandbox;
  private final CreateContainer createContainer;
  private final StartContainer startContainer;
  private final StopContainer stopContainer;
  private final RemoveContainer removeContainer;
  private final ListContainers listContainers;
  private final ContainerStatus containerStatus;
  private final UpdateContainerResources updateContainerResources;
  private final ReopenContainerLog reopenContainerLog;
  private final ExecSync execSync;
  private final Exec exec;
  private final Attach attach;
  private final PortForward portForward;
  private final ListImages listImages;
  private final ImageStatus imageStatus;
  private final PullImage pullImage;
  private final RemoveImage removeImage;
  private final ImageFsInfo imageFsInfo;

  DockerConnection(DockerApi docker, NodeServices node) {
    this.docker = docker;
    EngineState engine = new EngineState();
    Index index = new Index();
    ImageIndex images = new ImageIndex(docker::client, node.sandboxImage().reference());
    Inspection inspection = new Inspection(docker, engine);
    output = new ContainerOutput(docker, () -> engine.facts().rootDir());
    IndexFeed feed = new IndexFeed(docker, index, images, engine, node, inspection, output);
    FurtherLimits limits = new FurtherLimits(docker, engine);
    OverdueEnds overdue = new OverdueEnds();
    ContainerEnd end = new ContainerEnd(docker, index, feed, node.logs(), overdue);

    pullImage = new PullImage(docker::client, () -> rootListens(docker), images);
    version = new Version(engine);
    status = new Status(engine, index, node.network());
    runtimeConfig = new RuntimeConfig(engine);
    updateRuntimeConfig = new UpdateRuntimeConfig(node.network());
    runPodSandbox =
        new RunPodSandbox(
            docker,
            engine,
            index,
            new PauseImage(docker::client, images, pullImage, node.sandboxImage()),
            node,
            inspection);
    stopPodSandbox = new StopPodSandbox(index, node.network(), end);
    removePodSandbox = new RemovePodSandbox(index, stopPodSandbox, end);
    podSandboxStatus = new PodSandboxStatus(index, node);
    listPodSandbox = new ListPodSandbox(index, node.network());
    createContainer = new CreateContainer(docker, engine, index, images, node);
    startContainer = new StartContainer(docker, index, feed, limits, node.clock());
    stopContainer = new StopContainer(index, end);
    removeContainer = new RemoveContainer(index, end);
    listContainers = new ListContainers(index);
    containerStatus = new ContainerStatus(index, feed);
    updateContainerResources =
        new UpdateContainerResources(docker, engine, index, feed, limits, node.host());
    reopenContainerLog = new ReopenContainerLog(index, node.logs());
    execSync = new ExecSync(docker, index, overdue);
    exec = new Exec(docker, index, node.streaming(), overdue);
    attach = new Attach(docker, index, node.streaming(), overdue);
    portForward = new PortForward(index, node.streaming());
    listImages = new ListImages(images);
    imageStatus = new ImageStatus(images);
    removeImage = new RemoveImage(docker::client, images, index);
    imageFsInfo = new ImageFsInfo(engine, images, node.clock());

    events = new DockerEvents(docker, feed);
    events.start();
  }

  @Override
  public VersionResponse version(VersionRequest request, Call call) {
    return version.version();
  }

  @Override
  public StatusResponse status(StatusRequest request, Call call) {
    return status.status(request);
  }

  @Override
  public RuntimeConfigResponse runtimeConfig(RuntimeConfigRequest request, Call call) {
    return runtimeConfig.config();
  }

  @Override
  public UpdateRuntimeConfigResponse updateRuntimeConfig(
      UpdateRuntimeConfigRequest request, Call call) {
    return updateRuntimeConfig.update(request);
  }

  @Override
  public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request, Call call) {
    return runPodSandbox.run(request, call);
  }

  @Override
  public StopPodSandboxResponse stopPodSandbox(StopPodSandboxRequest request, Call call) {
    return stopPodSandbox.stop(request, call);
  }

  @Override
  public RemovePodSandboxResponse removePodSandbox(RemovePodSandboxRequest request, Call call) {
    return removePodSandbox.remove(request, call);
  }

  @Override
  public PodSandboxStatusResponse podSandboxStatus(PodSandboxStatusRequest request, Call call) {
    return podSandboxStatus.status(request, call);
  }

  @Override
  public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call) {
    return listPodSandbox.list(request, call);
  }

  @Override
  public CreateContainerResponse createContainer(CreateContainerRequest request, Call call) {
    return createContainer.create(request, call);
  }

  @Override
  public StartContainerResponse startContainer(StartContainerRequest request, Call call) {
    return startContainer.start(request, call);
  }

  @Override
  public StopContainerResponse stopContainer(StopContainerRequest request, Call call) {
    return stopContainer.stop(request, call);
  }

  @Override
  public RemoveContainerResponse removeContainer(RemoveContainerRequest request, Call call) {
    return removeContainer.remove(request, call);
  }

  @Override
  public ListContainersResponse listContainers(ListContainersRequest request, Call call) {
    return listContainers.list(request, call);
  }

  @Override
  public ContainerStatusResponse containerStatus(ContainerStatusRequest request, Call call) {
    return containerStatus.status(request, call);
  }

  @Override
  public UpdateContainerResourcesResponse updateContainerResources(
      UpdateContainerResourcesRequest request, Call call) {
    return updateContainerResources.update(request, call);
  }

  @Override
  public ReopenContainerLogResponse reopenContainerLog(
      ReopenContainerLogRequest request, Call call) {
    return reopenContainerLog.reopen(request, call);
  }

  @Override
  public ExecSyncResponse execSync(ExecSyncRequest request, Call call) {
    return execSync.run(request, call);
  }

  @Override
  public ExecResponse exec(ExecRequest request, Call call) {
    return exec.offer(request, call);
  }

  @Override
  public AttachResponse attach(AttachRequest request, Call call) {
    return attach.offer(request, call);
  }

  @Override
  public PortForwardResponse portForward(PortForwardRequest request, Call call) {
    return portForward.offer(request, call);
  }

  @Override
  public ListImagesResponse listImages(ListImagesRequest request, Call call) {
    return listImages.list(request);
  }

  @Override
  public ImageStatusResponse imageStatus(ImageStatusRequest request, Call call) {
    return imageStatus.status(request);
  }

  @Override
  public PullImageResponse pullImage(PullImageRequest request, Call call) {
    return pullImage.pull(request, call);
  }

  @Override
  public RemoveImageResponse removeImage(RemoveImageRequest request, Call call) {
    return removeImage.remove(request);
  }

  @Override
  public ImageFsInfoResponse imageFsInfo(ImageFsInfoRequest request, Call call) {
    return imageFsInfo.info();
  }

  @Override
  public void close() {
    events.close();
    output.close();
    docker.close();
  }

  private static boolean rootListens(DockerApi docker) {
    try {
      return docker.peer().isRoot();
    } catch (IOException e) {
      throw DockerErrors.of("Docker's socket", new UncheckedIOException(e));
    }
  }
}
