package io.intermodal.server.tracing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A span as it came over the wire. The numbers are those of OpenTelemetry's protobuf messages.
 *
 * @param kind 2 for a server's, 3 for a client's
 * @param status 0 for none, 2 for an error
 * @param process what is said of the process that sent it
 */
record ReceivedSpan(
    String trace,
    String id,
    String parent,
    String state,
    String name,
    long kind,
    Map<String, String> attributes,
    long status,
    String message,
    Map<String, String> process) {
  static final long SERVER = 2;
  static final long CLIENT = 3;
  static final long ERROR = 2;

  /** All of an ExportTraceServiceRequest. */
  static List<ReceivedSpan> all(byte[] request) throws InvalidProtocolBufferException {
    List<ReceivedSpan> spans = new ArrayList<>();
    for (UnknownFieldSet resourceSpans : messages(UnknownFieldSet.parseFrom(request), 1)) {
      Map<String, String> process = attributes(messages(resourceSpans, 1).getFirst(), 1);
      for (UnknownFieldSet scopeSpans : messages(resourceSpans, 2)) {
        for (UnknownFieldSet span : messages(scopeSpans, 2)) {
          spans.add(of(span, process));
        }
      }
    }
    return spans;
  }

  private static ReceivedSpan of(UnknownFieldSet span, Map<String, String> process)
      throws InvalidProtocolBufferException {
    List<UnknownFieldSet> status = messages(span, 15);
    return new ReceivedSpan(
        hex(span, 1),
        hex(span, 2),
        hex(span, 4),
        text(span, 3),
        text(span, 5),
        number(span, 6),
        attributes(span, 9),
        status.isEmpty() ? 0 : number(status.getFirst(), 3),
        status.isEmpty() ? "" : text(status.getFirst(), 2),
        process);
  }

  private static Map<String, String> attributes(UnknownFieldSet message, int field)
      throws InvalidProtocolBufferException {
    Map<String, String> attributes = new TreeMap<>();
    for (UnknownFieldSet pair : messages(message, field)) {
      UnknownFieldSet value = messages(pair, 2).getFirst();
      attributes.put(
          text(pair, 1), value.hasField(1) ? text(value, 1) : String.valueOf(number(value, 3)));
    }
    return attributes;
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field)
      throws InvalidProtocolBufferException {
    List<UnknownFieldSet> messages = new ArrayList<>();
    for (ByteString bytes : message.getField(field).getLengthDelimitedList()) {
      messages.add(UnknownFieldSet.parseFrom(bytes));
    }
    return messages;
  }

  private static String hex(UnknownFieldSet message, int field) {
    return HexFormat.of().formatHex(bytes(message, field).toByteArray());
  }

  private static String text(UnknownFieldSet message, int field) {
    return bytes(message, field).toStringUtf8();
  }

  private static ByteString bytes(UnknownFieldSet message, int field) {
    Field found = message.getField(field);
    return found.getLengthDelimitedList().isEmpty()
        ? ByteString.EMPTY
        : found.getLengthDelimitedList().getFirst();
  }

  private static long number(UnknownFieldSet message, int field) {
    Field found = message.getField(field);
    return found.getVarintList().isEmpty() ? 0 : found.getVarintList().getFirst();
  }
}
