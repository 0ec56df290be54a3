package io.intermodal.server.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Single fields of a serialised message; the rest of it is not decoded. */
public final class Fields {
  private Fields() {}

  /** Where a field of the message stands, its tag included. */
  private record Span(int field, int start, int end) {}

  /**
   * A field of text.
   *
   * @return empty when it is not there, not text, or the message is none
   */
  public static Optional<String> text(byte[] message, int field) {
    return bytes(message, field).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * A field that is a message, serialised, or text, in UTF-8: the last one, as protobuf has it.
   *
   * @return empty when it is not there, or the message is none
   */
  public static Optional<byte[]> bytes(byte[] message, int field) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      byte[] found = null;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == field
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          found = in.readByteArray();
        } else {
          in.skipField(tag);
        }
      }
      return Optional.ofNullable(found);
    } catch (InvalidProtocolBufferException e) {
      // No message: the engine is the one to say so.
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A repeated field of messages or texts, each serialised, in order. */
  public static List<byte[]> all(byte[] message, int field) throws InvalidProtocolBufferException {
    List<byte[]> all = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == field
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          all.add(in.readByteArray());
        } else {
          in.skipField(tag);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** The message with a field of text replaced; empty text leaves it out, which means the same. */
  public static byte[] withText(byte[] message, int field, String text)
      throws InvalidProtocolBufferException {
    return with(message, field, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with a field that is a message, serialised. */
  public static byte[] with(byte[] message, int field, byte[] value)
      throws InvalidProtocolBufferException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + value.length);
    for (Span span : spans(message)) {
      if (span.field() != field) {
        out.write(message, span.start(), span.end() - span.start());
      }
    }
    if (value.length > 0) {
      try {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        coded.writeByteArray(field, value);
        coded.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return out.toByteArray();
  }

  /**
   * Cuts a message that is a list into messages that have some of its items each, in order.
   *
   * @param largest bytes of a piece; an item larger than that is a piece of its own
   * @return none when there are no items
   */
  public static List<byte[]> pieces(byte[] message, int largest)
      throws InvalidProtocolBufferException {
    List<byte[]> pieces = new ArrayList<>();
    int start = 0;
    int end = 0;
    for (Span span : spans(message)) {
      if (span.end() - start > largest && end > start) {
        pieces.add(Arrays.copyOfRange(message, start, end));
        start = end;
      }
      end = span.end();
    }
    if (end > start) {
      pieces.add(Arrays.copyOfRange(message, start, end));
    }
    return pieces;
  }

  private static List<Span> spans(byte[] message) throws InvalidProtocolBufferException {
    List<Span> spans = new ArrayList<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      int start = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        in.skipField(tag);
        int end = in.getTotalBytesRead();
        spans.add(new Span(WireFormat.getTagFieldNumber(tag), start, end));
        start = end;
      }
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return spans;
  }
}
