package io.intermodal.server.streaming.process;

import io.intermodal.server.streaming.websocket.ChannelEncoding;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The versions of Kubernetes' remote command protocol.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/cri/">CRI, which leaves them to the
 *     clients</a>
 */
public enum CommandProtocol {
  V1("channel.k8s.io", false, false, false),
  V2("v2.channel.k8s.io", false, false, false),
  /** Brings the size of the terminal. */
  V3("v3.channel.k8s.io", true, false, false),
  /** Says how it ended as JSON. */
  V4("v4.channel.k8s.io", true, true, false),
  /** Lets a WebSocket client close its stdin. */
  V5("v5.channel.k8s.io", true, true, true);

  private final String id;
  private final boolean resizes;
  private final boolean jsonStatus;
  private final boolean closesChannels;

  CommandProtocol(String id, boolean resizes, boolean jsonStatus, boolean closesChannels) {
    this.id = id;
    this.resizes = resizes;
    this.jsonStatus = jsonStatus;
    this.closesChannels = closesChannels;
  }

  /** As clients name it. */
  public String id() {
    return id;
  }

  /** Whether a client tells its terminal's size. */
  boolean resizes() {
    return resizes;
  }

  /** Whether the status is JSON; else it is text, and only of failures. */
  boolean jsonStatus() {
    return jsonStatus;
  }

  /** Whether a WebSocket client can say that its stdin has ended. */
  boolean closesChannels() {
    return closesChannels;
  }

  /**
   * What a SPDY client and we both speak: the one that it likes best. One that names none speaks
   * the first version.
   */
  public static Optional<CommandProtocol> ofSpdy(List<String> offered) {
    return offered.isEmpty()
        ? Optional.of(V1)
        : offered.stream().flatMap(name -> named(name).stream()).findFirst();
  }

  /** The protocols that are spoken over SPDY, the newest first. */
  public static List<String> spokenOverSpdy() {
    return Arrays.stream(values()).map(CommandProtocol::id).sorted().toList().reversed();
  }

  private static Optional<CommandProtocol> named(String name) {
    return Arrays.stream(values()).filter(protocol -> protocol.id.equals(name)).findFirst();
  }

  /**
   * A version inside of a WebSocket.
   *
   * @param name as the client has named it, to be repeated in the answer; empty if it named none
   */
  public record OverWebSocket(String name, CommandProtocol version, ChannelEncoding encoding) {
    private static final List<OverWebSocket> SPOKEN =
        List.of(
            new OverWebSocket("v5.channel.k8s.io", V5, ChannelEncoding.BINARY),
            new OverWebSocket("v4.channel.k8s.io", V4, ChannelEncoding.BINARY),
            new OverWebSocket("v4.base64.channel.k8s.io", V4, ChannelEncoding.BASE64),
            new OverWebSocket("channel.k8s.io", V1, ChannelEncoding.BINARY),
            new OverWebSocket("base64.channel.k8s.io", V1, ChannelEncoding.BASE64));

    private static final OverWebSocket UNNAMED = new OverWebSocket("", V1, ChannelEncoding.BINARY);

    /** What a client and we both speak: the one that it likes best. */
    public static Optional<OverWebSocket> of(List<String> offered) {
      return offered.isEmpty()
          ? Optional.of(UNNAMED)
          : offered.stream()
              .flatMap(name -> SPOKEN.stream().filter(spoken -> spoken.name.equals(name)))
              .findFirst();
    }

    /** The names of all, the newest first. */
    public static List<String> spoken() {
      return SPOKEN.stream().map(OverWebSocket::name).toList();
    }
  }
}
