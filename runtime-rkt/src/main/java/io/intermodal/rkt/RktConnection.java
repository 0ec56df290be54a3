package io.intermodal.rkt;

import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.AttachResponse;
import io.intermodal.cri.v1.CheckpointContainerRequest;
import io.intermodal.cri.v1.CheckpointContainerResponse;
import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerStatsRequest;
import io.intermodal.cri.v1.ContainerStatsResponse;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.cri.v1.ExecRequest;
import io.intermodal.cri.v1.ExecResponse;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.GetEventsRequest;
import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainerStatsResponse;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListMetricDescriptorsRequest;
import io.intermodal.cri.v1.ListMetricDescriptorsResponse;
import io.intermodal.cri.v1.ListPodSandboxMetricsRequest;
import io.intermodal.cri.v1.ListPodSandboxMetricsResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsResponse;
import io.intermodal.cri.v1.PodSandboxStatsRequest;
import io.intermodal.cri.v1.PodSandboxStatsResponse;
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
import io.intermodal.cri.v1.UpdatePodSandboxResourcesRequest;
import io.intermodal.cri.v1.UpdatePodSandboxResourcesResponse;
import io.intermodal.cri.v1.UpdateRuntimeConfigRequest;
import io.intermodal.cri.v1.UpdateRuntimeConfigResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.EngineFigures;
import io.intermodal.runtime.events.Subscription;
import io.intermodal.runtime.node.NodeServices;
import java.util.Optional;

/** A connected rkt: the way from each RPC to its class. */
final class RktConnection implements EngineConnection.Translating {
  private final RktParts parts;

  RktConnection(Rkt rkt, NodeServices node) {
    parts = new RktParts(rkt, node);
    parts.start();
  }

  @Override
  public Optional<EngineFigures> figures() {
    return Optional.of(parts.figures.now());
  }

  @Override
  public VersionResponse version(VersionRequest request, Call call) {
    return parts.version.version();
  }

  @Override
  public StatusResponse status(StatusRequest request, Call call) {
    return parts.status.status(request);
  }

  @Override
  public RuntimeConfigResponse runtimeConfig(RuntimeConfigRequest request, Call call) {
    return parts.runtimeConfig.config();
  }

  @Override
  public UpdateRuntimeConfigResponse updateRuntimeConfig(
      UpdateRuntimeConfigRequest request, Call call) {
    return parts.updateRuntimeConfig.update(request);
  }

  @Override
  public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request, Call call) {
    return parts.runPodSandbox.run(request, call);
  }

  @Override
  public StopPodSandboxResponse stopPodSandbox(StopPodSandboxRequest request, Call call) {
    return parts.stopPodSandbox.stop(request, call);
  }

  @Override
  public RemovePodSandboxResponse removePodSandbox(RemovePodSandboxRequest request, Call call) {
    return parts.removePodSandbox.remove(request, call);
  }

  @Override
  public PodSandboxStatusResponse podSandboxStatus(PodSandboxStatusRequest request, Call call) {
    return parts.podSandboxStatus.status(request, call);
  }

  @Override
  public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call) {
    return parts.listPodSandbox.list(request, call);
  }

  @Override
  public CreateContainerResponse createContainer(CreateContainerRequest request, Call call) {
    return parts.createContainer.create(request, call);
  }

  @Override
  public StartContainerResponse startContainer(StartContainerRequest request, Call call) {
    return parts.startContainer.start(request, call);
  }

  @Override
  public StopContainerResponse stopContainer(StopContainerRequest request, Call call) {
    return parts.stopContainer.stop(request, call);
  }

  @Override
  public RemoveContainerResponse removeContainer(RemoveContainerRequest request, Call call) {
    return parts.removeContainer.remove(request, call);
  }

  @Override
  public ListContainersResponse listContainers(ListContainersRequest request, Call call) {
    return parts.listContainers.list(request, call);
  }

  @Override
  public ContainerStatusResponse containerStatus(ContainerStatusRequest request, Call call) {
    return parts.containerStatus.status(request, call);
  }

  @Override
  public UpdateContainerResourcesResponse updateContainerResources(
      UpdateContainerResourcesRequest request, Call call) {
    return parts.updateContainerResources.update(request, call);
  }

  @Override
  public ReopenContainerLogResponse reopenContainerLog(
      ReopenContainerLogRequest request, Call call) {
    return parts.reopenContainerLog.reopen(request, call);
  }

  @Override
  public ExecSyncResponse execSync(ExecSyncRequest request, Call call) {
    return parts.execSync.run(request, call);
  }

  @Override
  public Subscription<ContainerEventResponse> getContainerEvents(
      GetEventsRequest request, Call call) {
    return parts.getContainerEvents.subscribe();
  }

  @Override
  public ContainerStatsResponse containerStats(ContainerStatsRequest request, Call call) {
    return parts.containerStats.stats(request, call);
  }

  @Override
  public ListContainerStatsResponse listContainerStats(
      ListContainerStatsRequest request, Call call) {
    return parts.listContainerStats.list(request, call);
  }

  @Override
  public PodSandboxStatsResponse podSandboxStats(PodSandboxStatsRequest request, Call call) {
    return parts.podSandboxStats.stats(request, call);
  }

  @Override
  public ListPodSandboxStatsResponse listPodSandboxStats(
      ListPodSandboxStatsRequest request, Call call) {
    return parts.listPodSandboxStats.list(request, call);
  }

  @Override
  public ListMetricDescriptorsResponse listMetricDescriptors(
      ListMetricDescriptorsRequest request, Call call) {
    return parts.listMetricDescriptors.list();
  }

  @Override
  public ListPodSandboxMetricsResponse listPodSandboxMetrics(
      ListPodSandboxMetricsRequest request, Call call) {
    return parts.listPodSandboxMetrics.list(call);
  }

  @Override
  public UpdatePodSandboxResourcesResponse updatePodSandboxResources(
      UpdatePodSandboxResourcesRequest request, Call call) {
    throw CriException.unimplemented("rkt keeps no resources of a pod sandbox");
  }

  @Override
  public CheckpointContainerResponse checkpointContainer(
      CheckpointContainerRequest request, Call call) {
    throw CriException.unimplemented("rkt cannot checkpoint a container");
  }

  @Override
  public ExecResponse exec(ExecRequest request, Call call) {
    return parts.exec.offer(request, call);
  }

  @Override
  public AttachResponse attach(AttachRequest request, Call call) {
    return parts.attach.offer(request, call);
  }

  @Override
  public PortForwardResponse portForward(PortForwardRequest request, Call call) {
    return parts.portForward.offer(request, call);
  }

  @Override
  public ListImagesResponse listImages(ListImagesRequest request, Call call) {
    return parts.listImages.list(request);
  }

  @Override
  public ImageStatusResponse imageStatus(ImageStatusRequest request, Call call) {
    return parts.imageStatus.status(request);
  }

  @Override
  public PullImageResponse pullImage(PullImageRequest request, Call call) {
    return parts.pullImage.pull(request, call);
  }

  @Override
  public RemoveImageResponse removeImage(RemoveImageRequest request, Call call) {
    return parts.removeImage.remove(request, call);
  }

  @Override
  public ImageFsInfoResponse imageFsInfo(ImageFsInfoRequest request, Call call) {
    return parts.imageFsInfo.info();
  }

  @Override
  public void close() {
    parts.close();
  }
}
