package io.intermodal.rkt.session;

import io.intermodal.cri.v1.ExecRequest;
import io.intermodal.cri.v1.ExecResponse;
import io.intermodal.rkt.container.Containers;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.StreamingServer;
import io.intermodal.runtime.streaming.WantedStreams;
import java.util.List;

/**
 * Exec: the URL of a command in a running container. The command is run when a client comes for it,
 * and not at all otherwise.
 */
public final class Exec {
  private final Index index;
  private final EnterProgram enter;
  private final StreamingServer streaming;

  public Exec(Index index, EnterProgram enter, StreamingServer streaming) {
    this.index = index;
    this.enter = enter;
    this.streaming = streaming;
  }

  public ExecResponse offer(ExecRequest request, Call call) {
    requireCommand(request.getCmdList());
    WantedStreams streams =
        WantedStreams.of(
            request.getStdin(), request.getStdout(), request.getStderr(), request.getTty());
    String id = Containers.running(request.getContainerId(), index, call).id();
    ExecSession session = new ExecSession(index, enter, id, request.getCmdList());
    return ExecResponse.newBuilder().setUrl(streaming.exec(streams, session)).build();
  }

  /**
   * Refuses what cannot be run.
   *
   * @throws CriException INVALID_ARGUMENT for no command at all
   */
  static void requireCommand(List<String> command) {
    if (command.isEmpty()) {
      throw CriException.invalid("cmd: empty (expected: a command and its arguments)");
    }
  }
}
