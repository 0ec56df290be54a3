package io.intermodal.server.streaming.process;

import io.intermodal.runtime.streaming.WantedStreams;
import io.intermodal.server.streaming.flow.ClientConnection;
import io.intermodal.server.streaming.flow.Inbox;
import io.intermodal.server.streaming.flow.Outbox;
import io.intermodal.server.streaming.websocket.WebSocketChannels;
import io.netty.channel.ChannelPipeline;
import java.util.Optional;
import java.util.function.IntFunction;

/** A session over a WebSocket, whose channels are there from the beginning. */
public final class WebSocketProcess {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int CHANNELS = 5;

  private WebSocketProcess() {}

  /** Serves the channel, which speaks WebSocket already, and lets the session begin. */
  public static void serve(
      ProcessOffer offer,
      CommandProtocol.OverWebSocket protocol,
      ClientConnection client,
      ChannelPipeline pipeline) {
    WantedStreams wanted = offer.wanted();
    CommandProtocol version = protocol.version();
    WebSocketChannels channels =
        new WebSocketChannels(client, CHANNELS, protocol.encoding(), version.closesChannels());
    pipeline.addLast(channels);
    Optional<Inbox> stdin = when(wanted.stdin(), channels::input, STDIN);
    Optional<Inbox> resize = when(wanted.terminal(), channels::input, RESIZE);
    Optional<Outbox> stdout = when(wanted.stdout(), channels::output, STDOUT);
    Optional<Outbox> stderr = when(wanted.stderr(), channels::output, STDERR);
    // What comes on a channel that nobody reads must not stop the others.
    if (stdin.isEmpty()) {
      channels.input(STDIN).close();
    }
    if (resize.isEmpty()) {
      channels.input(RESIZE).close();
    }
    for (int channel : new int[] {STDOUT, STDERR, ERROR}) {
      channels.input(channel).close();
    }
    channels.greet(wanted.stdout() ? STDOUT : wanted.stderr() ? STDERR : ERROR);
    new AttendedProcess(
            offer,
            version,
            client,
            new AttendedProcess.Ends(
                stdin, stdout, stderr, resize, channels.output(ERROR), channels::finish))
        .start();
  }

  private static <T> Optional<T> when(boolean wanted, IntFunction<T> channel, int number) {
    return wanted ? Optional.of(channel.apply(number)) : Optional.empty();
  }
}
