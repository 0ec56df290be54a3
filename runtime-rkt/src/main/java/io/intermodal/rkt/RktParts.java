package io.intermodal.rkt;

import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.container.ContainerEnd;
import io.intermodal.rkt.container.ContainerStatus;
import io.intermodal.rkt.container.CreateContainer;
import io.intermodal.rkt.container.ListContainers;
import io.intermodal.rkt.container.RemoveContainer;
import io.intermodal.rkt.container.ReopenContainerLog;
import io.intermodal.rkt.container.StartContainer;
import io.intermodal.rkt.container.StopContainer;
import io.intermodal.rkt.container.UpdateContainerResources;
import io.intermodal.rkt.events.GetContainerEvents;
import io.intermodal.rkt.image.ImageFsInfo;
import io.intermodal.rkt.image.ImageIndex;
import io.intermodal.rkt.image.ImageStatus;
import io.intermodal.rkt.image.ListImages;
import io.intermodal.rkt.image.PullImage;
import io.intermodal.rkt.image.RemoveImage;
import io.intermodal.rkt.index.EngineState;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.IndexFeed;
import io.intermodal.rkt.index.IndexFeed.Pace;
import io.intermodal.rkt.index.Notes;
import io.intermodal.rkt.index.Reading;
import io.intermodal.rkt.node.Figures;
import io.intermodal.rkt.node.RuntimeConfig;
import io.intermodal.rkt.node.Status;
import io.intermodal.rkt.node.UpdateRuntimeConfig;
import io.intermodal.rkt.node.Version;
import io.intermodal.rkt.output.ContainerOutput;
import io.intermodal.rkt.sandbox.ListPodSandbox;
import io.intermodal.rkt.sandbox.Place;
import io.intermodal.rkt.sandbox.PodSandboxStatus;
import io.intermodal.rkt.sandbox.PortForward;
import io.intermodal.rkt.sandbox.RemovePodSandbox;
import io.intermodal.rkt.sandbox.RunPodSandbox;
import io.intermodal.rkt.sandbox.SandboxEnd;
import io.intermodal.rkt.sandbox.StopPodSandbox;
import io.intermodal.rkt.sandbox.Trial;
import io.intermodal.rkt.session.Attach;
import io.intermodal.rkt.session.EnterProgram;
import io.intermodal.rkt.session.Exec;
import io.intermodal.rkt.session.ExecSync;
import io.intermodal.rkt.statistics.ContainerStats;
import io.intermodal.rkt.statistics.ListContainerStats;
import io.intermodal.rkt.statistics.ListMetricDescriptors;
import io.intermodal.rkt.statistics.ListPodSandboxMetrics;
import io.intermodal.rkt.statistics.ListPodSandboxStats;
import io.intermodal.rkt.statistics.PodSandboxStats;
import io.intermodal.rkt.statistics.Subjects;
import io.intermodal.runtime.node.NodeServices;

/**
 * Everything that makes up a connected rkt, put together: one object for each RPC, and what they
 * share. Nothing runs before {@link #start}.
 */
final class RktParts implements AutoCloseable {
  private final IndexFeed feed;
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
  final PortForward portForward;
  final CreateContainer createContainer;
  final StartContainer startContainer;
  final StopContainer stopContainer;
  final RemoveContainer removeContainer;
  final ListContainers listContainers;
  final ContainerStatus containerStatus;
  final UpdateContainerResources updateContainerResources;
  final ReopenContainerLog reopenContainerLog;
  final GetContainerEvents getContainerEvents;
  final ExecSync execSync;
  final Exec exec;
  final Attach attach;
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

  RktParts(Rkt rkt, NodeServices node) {
    EngineState engine = new EngineState();
    getContainerEvents = new GetContainerEvents(node.network(), node.clock());
    Index index = new Index(getContainerEvents);
    Notes notes = Notes.load(node.state().within("containers"));
    Reading reading = new Reading(rkt, notes, node.clock());
    ContainerOutput output = new ContainerOutput(index, node);
    ImageIndex images =
        new ImageIndex(rkt, node.sandboxImage().reference(), node.state().within("images"));
    feed =
        new IndexFeed(
            new IndexFeed.Source(
                rkt,
                reading,
                images,
                new Trial(rkt, node)::run,
                living -> Place.sweep(node, living)),
            index,
            engine,
            node,
            notes,
            Pace.USUAL,
            output);
    SandboxEnd sandboxEnd = new SandboxEnd(rkt, index, feed, node);
    ContainerEnd containerEnd = new ContainerEnd(rkt, index, feed, notes, output);
    Subjects subjects = new Subjects(index);
    EnterProgram enter = new EnterProgram(node.workFolder());

    figures = new Figures(rkt, engine, index, images);
    version = new Version(engine);
    status = new Status(engine, index, node.network());
    runtimeConfig = new RuntimeConfig();
    updateRuntimeConfig = new UpdateRuntimeConfig(node.network());
    runPodSandbox = new RunPodSandbox(rkt, sandboxEnd, engine, index, node);
    stopPodSandbox = new StopPodSandbox(index, sandboxEnd);
    removePodSandbox = new RemovePodSandbox(index, sandboxEnd);
    podSandboxStatus = new PodSandboxStatus(index, node);
    listPodSandbox = new ListPodSandbox(index, node.network());
    portForward = new PortForward(index, node.streaming());
    createContainer = new CreateContainer(rkt, index, images, notes, output, node);
    startContainer = new StartContainer(rkt, index, feed, notes, output, node.clock());
    stopContainer = new StopContainer(index, containerEnd);
    removeContainer = new RemoveContainer(index, containerEnd);
    listContainers = new ListContainers(index);
    containerStatus = new ContainerStatus(index);
    updateContainerResources = new UpdateContainerResources(index, notes);
    reopenContainerLog = new ReopenContainerLog(index, node.logs());
    execSync = new ExecSync(index, enter);
    exec = new Exec(index, enter, node.streaming());
    attach = new Attach(index, node.streaming());
    containerStats = new ContainerStats(index, subjects, node.statistics());
    listContainerStats = new ListContainerStats(index, subjects, node.statistics());
    podSandboxStats = new PodSandboxStats(index, subjects, node.statistics());
    listPodSandboxStats = new ListPodSandboxStats(index, subjects, node.statistics());
    listMetricDescriptors = new ListMetricDescriptors(node.statistics());
    listPodSandboxMetrics = new ListPodSandboxMetrics(index, subjects, node.statistics());
    listImages = new ListImages(images);
    imageStatus = new ImageStatus(images);
    pullImage = new PullImage(rkt, images, node.workFolder().resolve("pulls"));
    removeImage = new RemoveImage(rkt, images, index);
    imageFsInfo = new ImageFsInfo(engine, images, node.folders(), node.clock());
  }

  /** Begins to follow rkt. */
  void start() {
    feed.start();
  }

  @Override
  public void close() {
    feed.close();
    getContainerEvents.close();
  }
}
