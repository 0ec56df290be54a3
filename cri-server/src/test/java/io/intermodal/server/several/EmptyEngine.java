package io.intermodal.server.several;

import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.server.ScriptedConnection;

/** A translated engine that is up and has nothing on it. */
class EmptyEngine extends ScriptedConnection {
  @Override
  public VersionResponse version(VersionRequest request, Call call) {
    return VersionResponse.newBuilder().setRuntimeName("docker").build();
  }

  @Override
  public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call) {
    return ListPodSandboxResponse.getDefaultInstance();
  }

  @Override
  public ListContainersResponse listContainers(ListContainersRequest request, Call call) {
    return ListContainersResponse.getDefaultInstance();
  }

  @Override
  public ListImagesResponse listImages(ListImagesRequest request, Call call) {
    return ListImagesResponse.getDefaultInstance();
  }
}
