package io.intermodal.tests.streaming;

import java.io.IOException;

/** The protocols that carry exec and attach, by the names that are agreed upon in HTTP. */
public enum Transport {
  SPDY_V1("channel.k8s.io", true, 1),
  SPDY_V2("v2.channel.k8s.io", true, 2),
  SPDY_V3("v3.channel.k8s.io", true, 3),
  SPDY_V4("v4.channel.k8s.io", true, 4),
  WEBSOCKET("channel.k8s.io", false, 1),
  WEBSOCKET_BASE64("base64.channel.k8s.io", false, 1),
  WEBSOCKET_V4("v4.channel.k8s.io", false, 4),
  WEBSOCKET_V4_BASE64("v4.base64.channel.k8s.io", false, 4),
  WEBSOCKET_V5("v5.channel.k8s.io", false, 5);

  private final String protocol;
  private final boolean spdy;
  private final int version;

  Transport(String protocol, boolean spdy, int version) {
    this.protocol = protocol;
    this.spdy = spdy;
    this.version = version;
  }

  /** The name in HTTP. */
  public String protocol() {
    return protocol;
  }

  /** Whether an exit code is told. */
  public boolean tellsExitCode() {
    return version >= 4;
  }

  /** Whether a client can end the process's input and stay. */
  public boolean halfCloses() {
    return spdy || version >= 5;
  }

  /** Whether a terminal can change its size. */
  public boolean resizes() {
    return version >= 3;
  }

  boolean base64() {
    return protocol.contains("base64");
  }

  ExitStatus status(byte[] bytes) throws IOException {
    return tellsExitCode() ? ExitStatus.ofJson(bytes) : ExitStatus.ofText(bytes);
  }

  /**
   * Opens the session that a URL stands for.
   *
   * @throws io.intermodal.tests.streaming.wire.UpgradeRefused when the server answers in HTTP
   */
  public CommandSession open(String url, Streams streams) throws IOException {
    return spdy ? SpdyCommand.open(url, this, streams) : WebSocketCommand.open(url, this, streams);
  }
}
