package io.intermodal.tests.cri;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.LinuxPodSandboxConfig;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxFilter;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.tests.image.TestImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** One test's session with a CRI socket. */
public final class Cri implements AutoCloseable {
  /** The label that every pod of this session carries, with {@link #session()} as value. */
  public static final String SESSION_LABEL = "intermodal.tests/session";

  private final CriChannel channel;
  private final TestImages testImages;
  private final Path logs;
  private final String session = UUID.randomUUID().toString();
  private final Queue<String> imagesToRemove = new ConcurrentLinkedQueue<>();

  public Cri(CriChannel channel, TestImages testImages, Path logs) {
    this.channel = channel;
    this.testImages = testImages;
    this.logs = logs;
  }

  public String session() {
    return session;
  }

  /** The runtime service's calls, with a fresh deadline. */
  public RuntimeServiceBlockingStub runtime() {
    return channel.runtime();
  }

  /** The image service's calls, with a fresh deadline. */
  public ImageServiceBlockingStub images() {
    return channel.images();
  }

  /** Subscribes to what happens from now on. */
  public Events events() {
    return channel.events();
  }

  /**
   * Likewise, without waiting until the server has confirmed it: engines written in Go confirm with
   * the first event.
   */
  public Events unconfirmedEvents() {
    return channel.unconfirmedEvents();
  }

  /** What is in the registry. */
  public TestImages testImages() {
    return testImages;
  }

  /** A pod's configuration with a new identity, ready to run. */
  public PodSandboxConfig.Builder podConfig() {
    String uid = UUID.randomUUID().toString();
    return PodSandboxConfig.newBuilder()
        .setMetadata(
            PodSandboxMetadata.newBuilder()
                .setName("pod-" + uid.substring(0, 8))
                .setNamespace("e2e")
                .setUid(uid))
        .setHostname("host-" + uid.substring(0, 8))
        .setLogDirectory(logs.resolve(uid).toString())
        .putLabels(SESSION_LABEL, session)
        .setLinux(LinuxPodSandboxConfig.newBuilder());
  }

  public Pod runPod() {
    return runPod(config -> config);
  }

  /** Runs a pod that differs from the default one. */
  public Pod runPod(UnaryOperator<PodSandboxConfig.Builder> changes) {
    return runPod(changes.apply(podConfig()).build());
  }

  public Pod runPod(PodSandboxConfig config) {
    return runPod(config, "");
  }

  /** Runs a pod with a runtime handler, as a RuntimeClass names it. */
  public Pod runPodBy(String runtimeHandler) {
    return runPod(podConfig().build(), runtimeHandler);
  }

  private Pod runPod(PodSandboxConfig config, String runtimeHandler) {
    String id =
        runtime()
            .runPodSandbox(
                RunPodSandboxRequest.newBuilder()
                    .setConfig(config)
                    .setRuntimeHandler(runtimeHandler)
                    .build())
            .getPodSandboxId();
    return new Pod(this, id, config);
  }

  /** A container that runs a shell script in busybox. */
  public ContainerConfig.Builder shell(String script) {
    return container(testImages.busybox()).addCommand("/bin/sh").addArgs("-c").addArgs(script);
  }

  /** A container of an image that is pulled when it is not there; it runs what the image says. */
  public ContainerConfig.Builder container(TestImages.Image image) {
    String reference = image.byTag();
    ensure(reference);
    String name = "c-" + UUID.randomUUID().toString().substring(0, 8);
    return ContainerConfig.newBuilder()
        .setMetadata(ContainerMetadata.newBuilder().setName(name))
        .setImage(ImageSpec.newBuilder().setImage(reference).setUserSpecifiedImage(reference))
        .setLogPath(name + "/0.log");
  }

  private void ensure(String reference) {
    if (image(reference).isEmpty()) {
      pull(reference);
    }
  }

  /** Pulls and returns the image_ref. */
  public String pull(String reference) {
    return images()
        .pullImage(PullImageRequest.newBuilder().setImage(imageSpec(reference)).build())
        .getImageRef();
  }

  /** The image's status; empty when it is missing. */
  public Optional<Image> image(String reference) {
    var answer =
        images()
            .imageStatus(ImageStatusRequest.newBuilder().setImage(imageSpec(reference)).build());
    return answer.hasImage() ? Optional.of(answer.getImage()) : Optional.empty();
  }

  public List<Image> listImages() {
    return images().listImages(ListImagesRequest.getDefaultInstance()).getImagesList();
  }

  public void removeImage(String reference) {
    var _ =
        images()
            .removeImage(RemoveImageRequest.newBuilder().setImage(imageSpec(reference)).build());
  }

  /** Has the image removed at the end of the test. */
  public void removeImageAtEnd(String reference) {
    imagesToRemove.add(reference);
  }

  public static ImageSpec imageSpec(String reference) {
    return ImageSpec.newBuilder().setImage(reference).build();
  }

  /** Ids of all pods that the filter lets through. */
  public List<String> podIds(PodSandboxFilter filter) {
    return pods(filter).stream().map(PodSandbox::getId).toList();
  }

  public List<PodSandbox> pods(PodSandboxFilter filter) {
    return runtime()
        .listPodSandbox(ListPodSandboxRequest.newBuilder().setFilter(filter).build())
        .getItemsList();
  }

  /** The pods of this session. */
  public List<PodSandbox> ownPods() {
    return pods(PodSandboxFilter.newBuilder().putLabelSelector(SESSION_LABEL, session).build());
  }

  /** Ids of all containers. */
  public List<String> containerIds() {
    List<String> ids = new ArrayList<>();
    runtime()
        .listContainers(ListContainersRequest.getDefaultInstance())
        .getContainersList()
        .forEach(container -> ids.add(container.getId()));
    return ids;
  }

  public void stopPod(String id) {
    var _ =
        runtime().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
  }

  public void removePod(String id) {
    var _ =
        runtime()
            .removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
  }

  /** Removes the pods and images of this session. */
  @Override
  public void close() {
    List<String> failures = new ArrayList<>();
    for (PodSandbox pod : ownPods()) {
      attempt(
          failures,
          "pod " + pod.getId(),
          () -> {
            stopPod(pod.getId());
            removePod(pod.getId());
          });
    }
    for (String image : imagesToRemove) {
      attempt(failures, "image " + image, () -> removeImage(image));
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("cleaning up: " + failures);
    }
  }

  private static void attempt(List<String> failures, String what, Runnable action) {
    try {
      action.run();
    } catch (StatusRuntimeException e) {
      failures.add(what + ": " + e.getMessage());
    }
  }
}
