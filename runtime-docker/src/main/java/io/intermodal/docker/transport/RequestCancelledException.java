package io.intermodal.docker.transport;

import java.io.IOException;

/** The request's connection was closed by our own side: its caller went away, or we shut down. */
public final class RequestCancelledException extends IOException {
  public RequestCancelledException(String message) {
    super(message);
  }
}
