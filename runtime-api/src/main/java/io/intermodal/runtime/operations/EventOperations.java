package io.intermodal.runtime.operations;

import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.GetEventsRequest;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.events.Subscription;

/** The RPC about what happens to pods and containers. */
public interface EventOperations {
  /**
   * All that happens from now on to pods and containers, in order. Whoever subscribes first and
   * lists then misses nothing.
   *
   * @return to be closed by the caller
   * @throws CriException when the engine has no events
   */
  Subscription<ContainerEventResponse> getContainerEvents(GetEventsRequest request, Call call);
}
