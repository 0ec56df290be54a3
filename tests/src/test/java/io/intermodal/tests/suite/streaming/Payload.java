package io.intermodal.tests.suite.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** Bytes to send, and what became of them. */
final class Payload {
  private Payload() {}

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    ThreadLocalRandom.current().nextBytes(bytes);
    return bytes;
  }

  /** Sends in the background, so that the answer can be read meanwhile. */
  static CompletableFuture<Boolean> send(OutputStream out, byte[] bytes) {
    return inBackground(() -> out.write(bytes));
  }

  /** Sends in the background and closes. */
  static CompletableFuture<Boolean> sendAll(OutputStream out, byte[] bytes) {
    return inBackground(() -> {
      out.write(bytes);
      out.close();
    });
  }

  interface Action {
    void run() throws Exception;
  }

  static CompletableFuture<Boolean> inBackground(Action action) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            action.run();
            done.complete(true);
          } catch (Exception | AssertionError e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** Of all that comes. */
  static String sha256(InputStream in) throws IOException {
    MessageDigest digest = digest();
    byte[] piece = new byte[64 << 10];
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      digest.update(piece, 0, count);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of what {@code seq 1 LAST} prints. */
  static String sha256OfNumbers(int last) {
    MessageDigest digest = digest();
    for (int i = 1; i <= last; i++) {
      digest.update((i + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Reads up to the text and returns what was before it; the end before it is a failure. */
  static String readUntil(InputStream in, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new AssertionError("ended before \"" + text + "\": \"" + read + "\"");
      }
      read.append((char) b);
    }
    return read.substring(0, read.length() - text.length());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
