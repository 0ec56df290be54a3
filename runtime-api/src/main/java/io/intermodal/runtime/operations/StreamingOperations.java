package io.intermodal.runtime.operations;

import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.AttachResponse;
import io.intermodal.cri.v1.ExecRequest;
import io.intermodal.cri.v1.ExecResponse;
import io.intermodal.cri.v1.PortForwardRequest;
import io.intermodal.cri.v1.PortForwardResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;

/**
 * The RPCs that answer with a URL, where a client then finds a session. Every operation throws
 * {@link CriException}.
 */
public interface StreamingOperations {
  ExecResponse exec(ExecRequest request, Call call);

  AttachResponse attach(AttachRequest request, Call call);

  PortForwardResponse portForward(PortForwardRequest request, Call call);
}
