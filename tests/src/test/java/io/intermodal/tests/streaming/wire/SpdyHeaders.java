package io.intermodal.tests.streaming.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Headers of streams as SPDY/3 writes them: a count, then names and values with their lengths, all
 * in one zlib stream each way that lasts as long as the connection and starts with a dictionary.
 */
public final class SpdyHeaders {
  /** The dictionary's first part: words that are written with their length before them. */
  private static final String WORDS =
      "options head post put delete trace accept accept-charset accept-encoding accept-language"
          + " accept-ranges age allow authorization cache-control connection content-base"
          + " content-encoding content-language content-length content-location content-md5"
          + " content-range content-type date etag expect expires from host if-match"
          + " if-modified-since if-none-match if-range if-unmodified-since last-modified location"
          + " max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after"
          + " server te trailer transfer-encoding upgrade user-agent vary via warning"
          + " www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie"
          + " keep-alive origin";

  /** Its second part. */
  private static final String TEXT =
      "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
          + "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401"
          + " Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not"
          + " Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec"
          + " 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun,"
          + " GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,"
          + "application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,"
          + "sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

  private static final int CHUNK = 4096;

  private final Deflater deflater = new Deflater();
  private final Inflater inflater = new Inflater();

  public SpdyHeaders() {
    deflater.setDictionary(dictionary());
  }

  /** SPDY/3's dictionary, which its specification lists byte by byte. */
  static byte[] dictionary() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String word : WORDS.split(" ", -1)) {
      bytes.writeBytes(new byte[] {0, 0, 0, (byte) word.length()});
      bytes.writeBytes(word.replace('_', ' ').getBytes(StandardCharsets.US_ASCII));
    }
    bytes.writeBytes(TEXT.getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  /** The next block to send. */
  public byte[] compressed(Map<String, String> headers) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(plain)) {
      out.writeInt(headers.size());
      for (Map.Entry<String, String> header : headers.entrySet()) {
        text(out, header.getKey());
        text(out, header.getValue());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    deflater.setInput(plain.toByteArray());
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    int count;
    do {
      count = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
      compressed.write(chunk, 0, count);
    } while (count == chunk.length);
    return compressed.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads the next block that arrived.
   *
   * @throws IOException for one that is no such block; an empty one, even: Go's clients wait for
   *     the count for ever then
   */
  Map<String, String> read(byte[] block) throws IOException {
    byte[] plain = inflated(block);
    if (plain.length == 0) {
      throw new IOException("a block of headers without a count of headers");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain))) {
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        headers.put(text(in), text(in));
      }
      if (in.available() > 0) {
        throw new IOException(in.available() + " bytes after the headers");
      }
    }
    return headers;
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a header of " + length + " bytes where " + in.available() + " are");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private byte[] inflated(byte[] block) throws IOException {
    inflater.setInput(block);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    try {
      while (true) {
        int count = inflater.inflate(chunk);
        plain.write(chunk, 0, count);
        if (inflater.needsDictionary()) {
          inflater.setDictionary(dictionary());
        } else if (count == 0) {
          return plain.toByteArray();
        }
      }
    } catch (DataFormatException | IllegalArgumentException e) {
      throw new IOException("a block of headers that zlib does not read", e);
    }
  }
}
