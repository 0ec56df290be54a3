package io.intermodal.rkt.node;

import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.RuntimeFeatures;
import io.intermodal.cri.v1.RuntimeHandler;
import io.intermodal.cri.v1.RuntimeHandlerFeatures;
import io.intermodal.cri.v1.RuntimeStatus;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.rkt.index.EngineState;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.node.PodNetwork;
import java.util.Optional;

/** Status: whether pods can run now, and what rkt can do. From memory. */
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
    Optional<String> trouble = reading.trouble().or(reading::unfit);
    PodNetwork.Readiness pods = network.readiness();
    StatusResponse.Builder response =
        StatusResponse.newBuilder()
            .setStatus(
                RuntimeStatus.newBuilder()
                    .addConditions(
                        condition(
                            "RuntimeReady", trouble.isEmpty(), "RktNotReady", trouble.orElse("")))
                    .addConditions(
                        condition("NetworkReady", pods.ready(), pods.reason(), pods.message())))
            .addRuntimeHandlers(
                RuntimeHandler.newBuilder()
                    .setName("")
                    .setFeatures(
                        RuntimeHandlerFeatures.newBuilder()
                            .setRecursiveReadOnlyMounts(false)
                            .setUserNamespaces(false)))
            .setFeatures(
                RuntimeFeatures.newBuilder()
                    .setSupplementalGroupsPolicy(true)
                    .setUserNamespacesHostNetwork(false)
                    .setMountOptions(false));
    if (request.getVerbose()) {
      response
          .putInfo("engineVersion", reading.version())
          .putInfo("pods", Integer.toString(index.sandboxes().size()))
          .putInfo("containers", Integer.toString(index.containers().size()));
      reading.dataDirectory().ifPresent(path -> response.putInfo("rootDir", path.toString()));
    }
    return response.build();
  }

  private static RuntimeCondition condition(
      String type, boolean ready, String reason, String message) {
    RuntimeCondition.Builder condition =
        RuntimeCondition.newBuilder().setType(type).setStatus(ready);
    return ready ? condition.build() : condition.setReason(reason).setMessage(message).build();
  }
}
