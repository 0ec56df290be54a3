package io.intermodal.runtime.operations;

import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.PodSandboxStatusResponse;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RemovePodSandboxResponse;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.StopPodSandboxResponse;
import io.intermodal.cri.v1.UpdatePodSandboxResourcesRequest;
import io.intermodal.cri.v1.UpdatePodSandboxResourcesResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;

/** The RPCs about pod sandboxes. Every operation throws {@link CriException}. */
public interface SandboxOperations {
  RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request, Call call);

  StopPodSandboxResponse stopPodSandbox(StopPodSandboxRequest request, Call call);

  RemovePodSandboxResponse removePodSandbox(RemovePodSandboxRequest request, Call call);

  PodSandboxStatusResponse podSandboxStatus(PodSandboxStatusRequest request, Call call);

  ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call);

  UpdatePodSandboxResourcesResponse updatePodSandboxResources(
      UpdatePodSandboxResourcesRequest request, Call call);
}
