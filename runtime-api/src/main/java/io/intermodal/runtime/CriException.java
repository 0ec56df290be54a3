package io.intermodal.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A request that could not be served. The message reaches the caller: it names the object, what the
 * engine said and what to do about it.
 */
public final class CriException extends RuntimeException {
  private final Code code;

  /**
   * Which code when. The names are gRPC's; {@code cri-server} maps them one to one.
   *
   * <p>CRI's expectations come first: stopping or removing what is gone succeeds, and a missing
   * image is an empty status. Only then does a code apply.
   */
  public enum Code {
    /** The request itself is wrong whatever the state of the node: bad reference, no metadata. */
    INVALID_ARGUMENT,
    /** The object named by the request does not exist. */
    NOT_FOUND,
    /** The name or metadata is taken by another object. */
    ALREADY_EXISTS,
    /** The object is in a state that does not allow it: exec into a stopped container. */
    FAILED_PRECONDITION,
    /** A registry or the host refused: wrong credentials, missing capability. */
    PERMISSION_DENIED,
    /** A bound of ours or of the host was reached: disk full, too many sessions. */
    RESOURCE_EXHAUSTED,
    /** The engine does not answer; trying again later may help. */
    UNAVAILABLE,
    /** It took longer than the caller or our own bound allows. */
    DEADLINE_EXCEEDED,
    /** The caller went away. */
    CANCELLED,
    /** The engine cannot do this, or not in its version; trying again will not help. */
    UNIMPLEMENTED,
    /** The engine failed in a way that says nothing about the request. */
    UNKNOWN,
    /** A fault of our own. */
    INTERNAL
  }

  public CriException(Code code, String message) {
    this(code, message, null);
  }

  public CriException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }

  public static CriException invalid(String message) {
    return new CriException(Code.INVALID_ARGUMENT, message);
  }

  public static CriException notFound(String message) {
    return new CriException(Code.NOT_FOUND, message);
  }

  public static CriException failedPrecondition(String message) {
    return new CriException(Code.FAILED_PRECONDITION, message);
  }

  public static CriException unimplemented(String message) {
    return new CriException(Code.UNIMPLEMENTED, message);
  }
}
