package io.intermodal.server;

import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.RuntimeHandler;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;

/**
 * An engine that is ready, with a runtime handler {@code kata} beside its default one, and with one
 * pod, two containers and three images.
 */
public class ReadyEngine extends ScriptedConnection {
  private final String name;

  /**
   * @param name it says of itself
   */
  public ReadyEngine(String name) {
    this.name = name;
  }

  @Override
  public VersionResponse version(VersionRequest request, Call call) {
    return VersionResponse.newBuilder()
        .setVersion("0.1.0")
        .setRuntimeName(name)
        .setRuntimeVersion("1")
        .setRuntimeApiVersion("v1")
        .build();
  }

  @Override
  public StatusResponse status(StatusRequest request, Call call) {
    StatusResponse.Builder status = StatusResponse.newBuilder();
    status.getStatusBuilder().addConditions(condition("RuntimeReady", true));
    status.getStatusBuilder().addConditions(condition("NetworkReady", true));
    // A remark of containerd's, which is no matter of readiness.
    status.getStatusBuilder().addConditions(condition("ContainerdHasNoDeprecationWarnings", false));
    return status
        .addRuntimeHandlers(RuntimeHandler.newBuilder().setName(""))
        .addRuntimeHandlers(RuntimeHandler.newBuilder().setName("kata"))
        .build();
  }

  /** A condition of Status. */
  public static RuntimeCondition condition(String type, boolean holds) {
    return RuntimeCondition.newBuilder().setType(type).setStatus(holds).build();
  }

  @Override
  public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call) {
    return ListPodSandboxResponse.newBuilder()
        .addItems(PodSandbox.newBuilder().setId(name + "-pod"))
        .build();
  }

  @Override
  public ListContainersResponse listContainers(ListContainersRequest request, Call call) {
    return ListContainersResponse.newBuilder()
        .addContainers(Container.newBuilder().setId(name + "-1"))
        .addContainers(Container.newBuilder().setId(name + "-2"))
        .build();
  }

  @Override
  public ListImagesResponse listImages(ListImagesRequest request, Call call) {
    return ListImagesResponse.newBuilder()
        .addImages(Image.newBuilder().setId("sha256:1"))
        .addImages(Image.newBuilder().setId("sha256:2"))
        .addImages(Image.newBuilder().setId("sha256:3"))
        .build();
  }
}
