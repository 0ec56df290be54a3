package io.intermodal.rkt.session;

import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.AttachResponse;
import io.intermodal.rkt.container.Containers;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.StreamingServer;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.WantedStreams;

/** Attach: the URL of a running container's own process. */
public final class Attach {
  private final Index index;
  private final StreamingServer streaming;

  public Attach(Index index, StreamingServer streaming) {
    this.index = index;
    this.streaming = streaming;
  }

  public AttachResponse offer(AttachRequest request, Call call) {
    WantedStreams streams =
        WantedStreams.of(
            request.getStdin(), request.getStdout(), request.getStderr(), request.getTty());
    Container container = Containers.running(request.getContainerId(), index, call);
    return AttachResponse.newBuilder()
        .setUrl(streaming.attach(streams, session(container)))
        .build();
  }

  private Session session(Container container) {
    Sandbox sandbox = index.sandbox(container.sandboxId()).orElseThrow(() -> notRunning(container));
    PodProcess pod = sandbox.process().orElseThrow(() -> notRunning(container));
    return new StreamAttach(pod, container);
  }

  private static CriException notRunning(Container container) {
    return CriException.failedPrecondition("container %s is not running".formatted(container.id()));
  }
}
