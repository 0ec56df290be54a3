package io.intermodal.docker.node;

import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.RuntimeFeatures;
import io.intermodal.cri.v1.RuntimeHandler;
import io.intermodal.cri.v1.RuntimeHandlerFeatures;
import io.intermodal.cri.v1.RuntimeStatus;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.docker.api.EngineFacts;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.node.PodNetwork;
import java.util.Optional;
import java.util.TreeSet;

/** Status: whether pods can run now, which handlers there are and what they can do. */
public final class Status {
  private final EngineState engine;
  private final Index index;
  private final PodNetwork network;

  public Status(EngineState engine, Index index, PodNetwork network) {
    this.engine = engine;
    this.index = index;
    this.network = network;
  }

  public StatusResponse status(StatusRequest request) {
    EngineState.Reading reading = engine.now();
    PodNetwork.Readiness pods = network.readiness();
    RuntimeStatus.Builder status =
        RuntimeStatus.newBuilder()
            .addConditions(
                condition(
                    "RuntimeReady",
                    reading.trouble().isEmpty(),
                    "DockerNotReady",
                    reading.trouble().orElse("")))
            .addConditions(condition("NetworkReady", pods.ready(), pods.reason(), pods.message()));
    StatusResponse.Builder response = StatusResponse.newBuilder();
    reading.facts().ifPresent(facts -> addHandlers(response, facts));
    // Docker adds the image's own groups to the pod's and cannot be told not to; it has no user
    // namespaces of pods and no options of mounts.
    response.setFeatures(
        RuntimeFeatures.newBuilder()
            .setSupplementalGroupsPolicy(false)
            .setUserNamespacesHostNetwork(false)
            .setMountOptions(false));
    if (request.getVerbose()) {
      addInfo(response, reading.facts());
    }
    return response.setStatus(status).build();
  }

  private static RuntimeCondition condition(
      String type, boolean ready, String reason, String message) {
    RuntimeCondition.Builder condition =
        RuntimeCondition.newBuilder().setType(type).setStatus(ready);
    return ready ? condition.build() : condition.setReason(reason).setMessage(message).build();
  }

  /** The handler without a name is the engine's default; each OCI runtime is one by its name. */
  private static void addHandlers(StatusResponse.Builder response, EngineFacts facts) {
    RuntimeHandlerFeatures features =
        RuntimeHandlerFeatures.newBuilder()
            .setRecursiveReadOnlyMounts(facts.features().recursiveReadOnlyMounts())
            .setUserNamespaces(false)
            .build();
    response.addRuntimeHandlers(RuntimeHandler.newBuilder().setName("").setFeatures(features));
    new TreeSet<>(facts.features().runtimes())
        .forEach(name ->
            response.addRuntimeHandlers(
                RuntimeHandler.newBuilder().setName(name).setFeatures(features)));
  }

  private void addInfo(StatusResponse.Builder response, Optional<EngineFacts> facts) {
    facts.ifPresent(known ->
        response
            .putInfo("engineVersion", known.version())
            .putInfo("apiVersion", known.api().toString())
            .putInfo("cgroupDriver", known.features().cgroupDriver().name())
            .putInfo("storageDriver", known.storageDriver())
            .putInfo("rootDir", known.rootDir().toString()));
    response
        .putInfo("pods", Integer.toString(index.sandboxes().size()))
        .putInfo("containers", Integer.toString(index.containers().size()));
  }
}
