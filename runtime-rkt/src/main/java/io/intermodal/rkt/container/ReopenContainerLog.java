package io.intermodal.rkt.container;

import io.intermodal.cri.v1.ReopenContainerLogRequest;
import io.intermodal.cri.v1.ReopenContainerLogResponse;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.ContainerLogs;

/** ReopenContainerLog: what a kubelet calls after it has renamed the file. */
public final class ReopenContainerLog {
  private final Index index;
  private final ContainerLogs logs;

  public ReopenContainerLog(Index index, ContainerLogs logs) {
    this.index = index;
    this.logs = logs;
  }

  public ReopenContainerLogResponse reopen(ReopenContainerLogRequest request, Call call) {
    logs.reopen(Containers.running(request.getContainerId(), index, call).id());
    return ReopenContainerLogResponse.getDefaultInstance();
  }
}
