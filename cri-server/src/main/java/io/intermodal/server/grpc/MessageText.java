package io.intermodal.server.grpc;

import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TextFormat;

/**
 * The only way to make a CRI message readable. Its {@code toString} shows the passwords of
 * registries; this does not, since those fields are marked {@code debug_redact} in the contract.
 */
final class MessageText {
  private static final int LONGEST = 4096;

  private MessageText() {}

  /** The message in one line of at most 4096 characters, without secrets of registries. */
  static String of(Object message) {
    if (!(message instanceof MessageOrBuilder proto)) {
      return message.getClass().getSimpleName();
    }
    String text =
        TextFormat.debugFormatPrinter().emittingSingleLine(true).printToString(proto).strip();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
