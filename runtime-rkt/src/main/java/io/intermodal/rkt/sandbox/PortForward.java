package io.intermodal.rkt.sandbox;

import io.intermodal.cri.v1.PortForwardRequest;
import io.intermodal.cri.v1.PortForwardResponse;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.StreamingServer;

/**
 * PortForward: the URL of connections into a pod's network, which is entered by way of its systemd.
 * That of a pod in the host's network lives there too.
 */
public final class PortForward {
  private static final int LAST_PORT = 65_535;

  private final Index index;
  private final StreamingServer streaming;

  public PortForward(Index index, StreamingServer streaming) {
    this.index = index;
    this.streaming = streaming;
  }

  public PortForwardResponse offer(PortForwardRequest request, Call call) {
    for (int port : request.getPortList()) {
      if (port < 1 || port > LAST_PORT) {
        throw CriException.invalid("port: %d (expected: 1 to %d)".formatted(port, LAST_PORT));
      }
    }
    String id = Sandboxes.named(request.getPodSandboxId(), index, call).id();
    String _ = networkNamespace(id);
    String url =
        streaming.portForward(
            "pod sandbox " + id, request.getPortList(), () -> networkNamespace(id));
    return PortForwardResponse.newBuilder().setUrl(url).build();
  }

  private String networkNamespace(String id) {
    return index
        .sandbox(id)
        .flatMap(Sandbox::process)
        .map(PodProcess::networkNamespace)
        .orElseThrow(() ->
            CriException.failedPrecondition(
                "pod sandbox %s is not running: its ports cannot be reached".formatted(id)));
  }
}
