package io.intermodal.runtime.operations;

import io.intermodal.cri.v1.RuntimeConfigRequest;
import io.intermodal.cri.v1.RuntimeConfigResponse;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.UpdateRuntimeConfigRequest;
import io.intermodal.cri.v1.UpdateRuntimeConfigResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;

/** The RPCs about the engine as a whole. Every operation throws {@link CriException}. */
public interface NodeOperations {
  VersionResponse version(VersionRequest request, Call call);

  StatusResponse status(StatusRequest request, Call call);

  RuntimeConfigResponse runtimeConfig(RuntimeConfigRequest request, Call call);

  UpdateRuntimeConfigResponse updateRuntimeConfig(UpdateRuntimeConfigRequest request, Call call);
}
