package io.intermodal.server.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.runtime.CriException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where what an operation threw becomes what the caller is told. */
public final class ErrorStatus {
  private static final Logger log = LoggerFactory.getLogger(ErrorStatus.class);

  /** A status travels in a header, and clients bound those: Java's at 8 KiB in all. */
  private static final int LONGEST_TEXT = 6 << 10;

  private static final String CUT = "…";

  private ErrorStatus() {}

  /**
   * The status for a failure. A {@link CriException} keeps its code and text. A failure of any
   * other kind is a fault of ours: the caller gets a number, the log gets the number and the stack
   * trace.
   *
   * @param rpc the RPC's bare name
   */
  public static StatusRuntimeException of(String rpc, Throwable failure) {
    return switch (failure) {
      case CriException e ->
          code(e.code()).withDescription(bounded(e.getMessage())).withCause(e).asRuntimeException();
      case StatusRuntimeException e -> e;
      default -> incident(rpc, failure);
    };
  }

  private static StatusRuntimeException incident(String rpc, Throwable failure) {
    String number = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    log.error("{} failed by a fault of this server (incident {})", rpc, number, failure);
    return Status.INTERNAL
        .withDescription(
            "%s failed by a fault of this server: look for \"incident %s\" in its log"
                .formatted(rpc, number))
        .withCause(failure)
        .asRuntimeException();
  }

  private static Status code(CriException.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
      case PERMISSION_DENIED -> Status.PERMISSION_DENIED;
      case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case DEADLINE_EXCEEDED -> Status.DEADLINE_EXCEEDED;
      case CANCELLED -> Status.CANCELLED;
      case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
      case UNKNOWN -> Status.UNKNOWN;
      case INTERNAL -> Status.INTERNAL;
    };
  }

  /** The way back: gRPC has four codes more, which CRI servers do not use on purpose. */
  public static CriException.Code code(Status status) {
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> CriException.Code.INVALID_ARGUMENT;
      case NOT_FOUND -> CriException.Code.NOT_FOUND;
      case ALREADY_EXISTS -> CriException.Code.ALREADY_EXISTS;
      case FAILED_PRECONDITION -> CriException.Code.FAILED_PRECONDITION;
      case PERMISSION_DENIED -> CriException.Code.PERMISSION_DENIED;
      case RESOURCE_EXHAUSTED -> CriException.Code.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> CriException.Code.UNAVAILABLE;
      case DEADLINE_EXCEEDED -> CriException.Code.DEADLINE_EXCEEDED;
      case CANCELLED -> CriException.Code.CANCELLED;
      case UNIMPLEMENTED -> CriException.Code.UNIMPLEMENTED;
      case INTERNAL -> CriException.Code.INTERNAL;
      default -> CriException.Code.UNKNOWN;
    };
  }

  private static String bounded(@Nullable String text) {
    if (text == null) {
      return "";
    }
    int room = LONGEST_TEXT - CUT.codePoints().map(ErrorStatus::lengthInHeader).sum();
    int end = 0;
    while (end < text.length() && room >= lengthInHeader(text.codePointAt(end))) {
      room -= lengthInHeader(text.codePointAt(end));
      end += Character.charCount(text.codePointAt(end));
    }
    return end == text.length() ? text : text.substring(0, end) + CUT;
  }

  /** In the header each byte of UTF-8 outside of printable ASCII, and the percent sign, is %XX. */
  private static int lengthInHeader(int codePoint) {
    if (codePoint >= ' ' && codePoint <= '~' && codePoint != '%') {
      return 1;
    }
    return codePoint < 0x80 ? 3 : codePoint < 0x800 ? 6 : codePoint < 0x10000 ? 9 : 12;
  }
}
