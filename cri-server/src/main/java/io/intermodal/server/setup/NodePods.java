package io.intermodal.server.setup;

import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.client.Deadline;
import io.intermodal.server.report.NodeService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The pods and images on the node, as its server tells them. */
final class NodePods implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration STOP = Duration.ofSeconds(60);

  private final CriClient cri;

  NodePods(Path socket) {
    this.cri = new CriClient(socket);
  }

  /** Ids of all pods. */
  List<String> ids() {
    return cri
        .runtime(
            Deadline.in(LOOK),
            "ListPodSandbox",
            stub -> stub.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()))
        .getItemsList()
        .stream()
        .map(PodSandbox::getId)
        .toList();
  }

  /** Ids of one engine's pods. */
  List<String> idsOn(String engine) {
    return NodeService.askPods(cri, LOOK).of(engine);
  }

  /** Ids of all images. */
  List<String> images() {
    return cri
        .images(
            Deadline.in(LOOK),
            "ListImages",
            stub -> stub.listImages(ListImagesRequest.getDefaultInstance()))
        .getImagesList()
        .stream()
        .map(Image::getId)
        .toList();
  }

  /** Stops a pod and removes it; it may be gone already. */
  void remove(String id) {
    cri.runtime(
        Deadline.in(STOP),
        "StopPodSandbox",
        stub ->
            stub.stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build()));
    cri.runtime(
        Deadline.in(STOP),
        "RemovePodSandbox",
        stub ->
            stub.removePodSandbox(
                RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build()));
  }

  /** Removes an image; it may be gone already. */
  void removeImage(String id) {
    cri.images(
        Deadline.in(STOP),
        "RemoveImage",
        stub ->
            stub.removeImage(
                RemoveImageRequest.newBuilder()
                    .setImage(ImageSpec.newBuilder().setImage(id))
                    .build()));
  }

  /** Whether the server answers. */
  boolean answers() {
    try {
      var _ = ids();
      return true;
    } catch (CriException e) {
      return false;
    }
  }

  @Override
  public void close() {
    cri.close();
  }
}
