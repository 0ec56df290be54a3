package io.intermodal.rkt.node;

import io.intermodal.cri.v1.UpdateRuntimeConfigRequest;
import io.intermodal.cri.v1.UpdateRuntimeConfigResponse;
import io.intermodal.runtime.node.PodNetwork;

/** UpdateRuntimeConfig: a kubelet tells the node's pod addresses; the network wants to know. */
public final class UpdateRuntimeConfig {
  private final PodNetwork network;

  public UpdateRuntimeConfig(PodNetwork network) {
    this.network = network;
  }

  public UpdateRuntimeConfigResponse update(UpdateRuntimeConfigRequest request) {
    String cidr = request.getRuntimeConfig().getNetworkConfig().getPodCidr();
    if (!cidr.isEmpty()) {
      network.podCidr(cidr);
    }
    return UpdateRuntimeConfigResponse.getDefaultInstance();
  }
}
