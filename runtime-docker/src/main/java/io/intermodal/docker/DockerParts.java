package io.intermodal.docker;

import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.api.DockerEvents;
import io.intermodal.docker.checkpoint.CheckpointContainer;
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
import io.intermodal.docker.events.GetContainerEvents;
import io.intermodal.docker.image.ImageFsInfo;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.image.ImageLayers;
import io.intermodal.docker.image.ImageStatus;
import io.intermodal.docker.image.ListImages;
import io.intermodal.docker.image.PullImage;
import io.intermodal.docker.image.RemoveImage;
import io.intermodal.docker.index.Belongings;
import io.intermodal.docker.index.ChangedLimits;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.IndexFeed;
import io.intermodal.docker.index.Inspection;
import io.intermodal.docker.index.WritableLayers;
import io.intermodal.docker.node.Figures;
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
import io.intermodal.docker.sandbox.UpdatePodSandboxResources;
import io.intermodal.docker.session.Attach;
import io.intermodal.docker.session.Exec;
import io.intermodal.docker.session.ExecSync;
import io.intermodal.docker.statistics.ContainerStats;
import io.intermodal.docker.statistics.ListContainerStats;
import io.intermodal.docker.statistics.ListMetricDescriptors;
import io.intermodal.docker.statistics.ListPodSandboxMetrics;
import io.intermodal.docker.statistics.ListPodSandboxStats;
import io.intermodal.docker.statistics.PodSandboxStats;
import io.intermodal.docker.statistics.Subjects;
import io.intermodal.docker.volume.ImageVolumes;
import io.intermodal.runtime.node.NodeServices;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Everything that makes up a connected Docker, put together: one object for each RPC, and what they
 * share. Nothing runs before {@link #start}.
 */
final class DockerParts implements AutoCloseable {
  private final DockerApi docker;
  private final DockerEvents events;
  private final ContainerOutput output;
  final Figures figures;
  final Version version;
  final Status status;
  final RuntimeConfig runtimeConfig;
  final UpdateRuntimeConfig updateRuntimeConfig;
  final RunPodSandbox runPodSandbox;
  final StopPodSandbox stopPodSandbox;
  final RemovePodSandbox removePodSandbox;
  final PodSandboxStatus podSandboxStatus;
  final ListPodSandbox listPodSandbox;
  final CreateContainer createContainer;
  final StartContainer startContainer;
  final StopContainer stopContainer;
  final RemoveContainer removeContainer;
  final ListContainers listContainers;
  final ContainerStatus containerStatus;
  final UpdateContainerResources updateContainerResources;
  final UpdatePodSandboxResources updatePodSandboxResources;
  final ReopenContainerLog reopenContainerLog;
  final GetContainerEvents getContainerEvents;
  final CheckpointContainer checkpointContainer;
  final ExecSync execSync;
  final Exec exec;
  final Attach attach;
  final PortForward portForward;
  final ContainerStats containerStats;
  final ListContainerStats listContainerStats;
  final PodSandboxStats podSandboxStats;
  final ListPodSandboxStats listPodSandboxStats;
  final ListMetricDescriptors listMetricDescriptors;
  final ListPodSandboxMetrics listPodSandboxMetrics;
  final ListImages listImages;
  final ImageStatus imageStatus;
  final PullImage pullImage;
  final RemoveImage removeImage;
  final ImageFsInfo imageFsInfo;

  DockerParts(DockerApi docker, NodeServices node) {
    this.docker = docker;
    EngineState engine = new EngineState();
    getContainerEvents = new GetContainerEvents(node.network(), node.clock());
    Index index = new Index(getContainerEvents);
    ImageLayers imageLayers = new ImageLayers(node.folders());
    ImageIndex images =
        new ImageIndex(docker::client, node.sandboxImage().reference(), imageLayers);
    WritableLayers writableLayers = new WritableLayers(engine, node.folders());
    ChangedLimits changedLimits = ChangedLimits.load(node.state().within("limits"));
    Belongings belongings = new Belongings(node.statistics(), writableLayers, changedLimits);
    Subjects subjects = new Subjects(engine, index, writableLayers);
    ImageVolumes volumes = new ImageVolumes(docker, images, node.mergedFolders());
    Inspection inspection = new Inspection(docker, engine, changedLimits);
    output = new ContainerOutput(docker, () -> engine.facts().rootDir());
    IndexFeed feed =
        new IndexFeed(docker, index, images, volumes, engine, node, inspection, output, belongings);
    FurtherLimits limits = new FurtherLimits(docker, engine);
    OverdueEnds overdue = new OverdueEnds();
    ContainerEnd end = new ContainerEnd(docker, index, feed, node.logs(), overdue, volumes);

    pullImage = new PullImage(docker::client, () -> rootListens(docker), images);
    figures = new Figures(docker, engine, index, images);
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
    createContainer = new CreateContainer(docker, engine, index, images, volumes, node);
    startContainer = new StartContainer(docker, index, feed, limits, node.clock());
    stopContainer = new StopContainer(index, end);
    removeContainer = new RemoveContainer(index, end);
    listContainers = new ListContainers(index);
    containerStatus = new ContainerStatus(index, feed);
    updateContainerResources =
        new UpdateContainerResources(
            docker, engine, index, feed, limits, changedLimits, node.host());
    updatePodSandboxResources = new UpdatePodSandboxResources(engine, index, node.host());
    reopenContainerLog = new ReopenContainerLog(index, node.logs());
    checkpointContainer = new CheckpointContainer(docker, index, node.clock());
    execSync = new ExecSync(docker, index, overdue);
    exec = new Exec(docker, index, node.streaming(), overdue);
    attach = new Attach(docker, index, node.streaming(), overdue);
    portForward = new PortForward(index, node.streaming());
    containerStats = new ContainerStats(index, subjects, writableLayers, node.statistics());
    listContainerStats = new ListContainerStats(index, subjects, node.statistics());
    podSandboxStats = new PodSandboxStats(index, subjects, node.statistics());
    listPodSandboxStats = new ListPodSandboxStats(index, subjects, node.statistics());
    listMetricDescriptors = new ListMetricDescriptors(node.statistics());
    listPodSandboxMetrics = new ListPodSandboxMetrics(index, subjects, node.statistics());
    listImages = new ListImages(images);
    imageStatus = new ImageStatus(images);
    removeImage = new RemoveImage(docker::client, images, index);
    imageFsInfo = new ImageFsInfo(engine, images, imageLayers, index, writableLayers, node.clock());
    events = new DockerEvents(docker, feed);
  }

  /** Begins to follow the engine. */
  void start() {
    events.start();
  }

  @Override
  public void close() {
    events.close();
    getContainerEvents.close();
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
