package io.intermodal.runtime.operations;

import io.intermodal.cri.v1.CheckpointContainerRequest;
import io.intermodal.cri.v1.CheckpointContainerResponse;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.RemoveContainerResponse;
import io.intermodal.cri.v1.ReopenContainerLogRequest;
import io.intermodal.cri.v1.ReopenContainerLogResponse;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StartContainerResponse;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.cri.v1.UpdateContainerResourcesResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;

/** The RPCs about containers. Every operation throws {@link CriException}. */
public interface ContainerOperations {
  CreateContainerResponse createContainer(CreateContainerRequest request, Call call);

  StartContainerResponse startContainer(StartContainerRequest request, Call call);

  StopContainerResponse stopContainer(StopContainerRequest request, Call call);

  RemoveContainerResponse removeContainer(RemoveContainerRequest request, Call call);

  ListContainersResponse listContainers(ListContainersRequest request, Call call);

  ContainerStatusResponse containerStatus(ContainerStatusRequest request, Call call);

  UpdateContainerResourcesResponse updateContainerResources(
      UpdateContainerResourcesRequest request, Call call);

  ReopenContainerLogResponse reopenContainerLog(ReopenContainerLogRequest request, Call call);

  CheckpointContainerResponse checkpointContainer(CheckpointContainerRequest request, Call call);

  ExecSyncResponse execSync(ExecSyncRequest request, Call call);
}
