package io.intermodal.docker.session;

import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.session.ProcessStream.End;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.WantedStreams;
import java.util.Optional;

/** A client beside a container's own process, which outlives it. */
final class AttachSession implements Session {
  private final DockerApi docker;
  private final String containerId;
  private final boolean terminal;
  private final ContainerLife container;

  /**
   * A container to attach to.
   *
   * @param terminal whether the container was made with one, whatever its client asks for
   * @param container asked for as long as the session lasts
   */
  AttachSession(DockerApi docker, String containerId, boolean terminal, ContainerLife container) {
    this.docker = docker;
    this.containerId = containerId;
    this.terminal = terminal;
    this.container = container;
  }

  /**
   * {@inheritDoc}
   *
   * <p>It also ends when the client ends its input, unless the container's input ends with it
   * ({@code stdin_once} without a terminal).
   *
   * @throws CriException NOT_FOUND when the container is gone, FAILED_PRECONDITION when it is
   *     paused, UNAVAILABLE when Docker went away
   */
  @Override
  public int attend(SessionStreams client) {
    String object = "attach to container " + containerId;
    try (ProcessStream stream =
        ProcessStream.open(docker, object, path(client.wanted()), new byte[0])) {
      client.onGone(() -> {
        stream.clientGone();
        stream.hangUp();
      });
      Optional<String> resizePath =
          terminal ? Optional.of("/containers/" + containerId + "/resize") : Optional.empty();
      stream.carry(client, resizePath, container);
      var _ = stream.end(End.OVER);
      return 0;
    } catch (RuntimeException e) {
      throw DockerErrors.of(object, e);
    }
  }

  private String path(WantedStreams wanted) {
    return "/containers/%s/attach?stream=1&stdin=%d&stdout=%d&stderr=%d&detachKeys=%s"
        .formatted(
            containerId,
            wanted.stdin() ? 1 : 0,
            wanted.stdout() ? 1 : 0,
            wanted.stderr() ? 1 : 0,
            DetachKeys.NEVER_TYPED);
  }
}
