package io.intermodal.server.network.cni;

/** JSON that is none, or not of the expected shape. The message completes "the file …". */
public final class MalformedJsonException extends Exception {
  public MalformedJsonException(String message) {
    super(message);
  }

  public MalformedJsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
