package io.intermodal.docker.sandbox;

import io.intermodal.cri.v1.UpdatePodSandboxResourcesRequest;
import io.intermodal.cri.v1.UpdatePodSandboxResourcesResponse;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.docker.spec.resources.CgroupPaths;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.docker.spec.resources.PodCgroup;
import io.intermodal.docker.spec.resources.ResourceSpec;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;

/** UpdatePodSandboxResources: of a pod with a cgroup of its own, written there. No engine call. */
public final class UpdatePodSandboxResources {
  private final EngineState engine;
  private final Index index;
  private final Host host;

  public UpdatePodSandboxResources(EngineState engine, Index index, Host host) {
    this.engine = engine;
    this.index = index;
    this.host = host;
  }

  /**
   * Changes the limits of the pod's cgroup as {@link PodCgroup#change} says.
   *
   * @throws CriException NOT_FOUND; INVALID_ARGUMENT for values that cannot be meant;
   *     FAILED_PRECONDITION when the pod has no cgroup of its own or the kernel refuses
   */
  public UpdatePodSandboxResourcesResponse update(
      UpdatePodSandboxResourcesRequest request, Call call) {
    Sandbox sandbox = Sandboxes.named(request.getPodSandboxId(), index, call);
    EngineFeatures features = engine.facts().features();
    ResourceSpec spec = new ResourceSpec(features, host);
    CgroupSettings further =
        spec.check(request.getOverhead()).changedBy(spec.check(request.getResources()));
    String path =
        new CgroupPaths(features.cgroupDriver())
            .ofPod(sandbox.place().cgroupParent())
            .orElseThrow(() ->
                CriException.failedPrecondition(
                    "pod sandbox %s has no cgroup of its own, so there is nothing to limit it by: give it a cgroup_parent when it is run"
                        .formatted(sandbox.id())));
    new PodCgroup(features, sandbox.id(), path)
        .change(request.getOverhead(), request.getResources(), further);
    return UpdatePodSandboxResourcesResponse.getDefaultInstance();
  }
}
