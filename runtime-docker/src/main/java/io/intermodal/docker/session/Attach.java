package io.intermodal.docker.session;

import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.AttachResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.container.Containers;
import io.intermodal.docker.container.OverdueEnds;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.StreamingServer;
import io.intermodal.runtime.streaming.WantedStreams;

/**
 * Attach: the URL of a running container's own process.
 *
 * <p>The request says which streams its client opens, a terminal's sizes among them; whether the
 * process has a terminal was said when the container was made.
 */
public final class Attach {
  private final DockerApi docker;
  private final Index index;
  private final StreamingServer streaming;
  private final OverdueEnds overdue;

  public Attach(DockerApi docker, Index index, StreamingServer streaming, OverdueEnds overdue) {
    this.docker = docker;
    this.index = index;
    this.streaming = streaming;
    this.overdue = overdue;
  }

  public AttachResponse offer(AttachRequest request, Call call) {
    WantedStreams streams =
        WantedStreams.of(
            request.getStdin(), request.getStdout(), request.getStderr(), request.getTty());
    Container container = Containers.running(request.getContainerId(), index, call);
    String id = container.id();
    AttachSession session =
        new AttachSession(docker, id, container.tty(), ContainerLife.of(id, index, overdue));
    return AttachResponse.newBuilder().setUrl(streaming.attach(streams, session)).build();
  }
}
