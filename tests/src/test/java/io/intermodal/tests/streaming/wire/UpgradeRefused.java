package io.intermodal.tests.streaming.wire;

import java.io.IOException;

/** A server that answered a request for another protocol in HTTP. */
public final class UpgradeRefused extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  UpgradeRefused(int status, String body) {
    super("HTTP status " + status + ": " + body);
    this.status = status;
  }

  /** The status of HTTP: 404. */
  public int status() {
    return status;
  }
}
