package io.intermodal.server.images.archive.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 as images write it: {@code sha256:…}. */
public final class Digests {
  private static final String PREFIX = "sha256:";
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  private Digests() {}

  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /** Without {@code sha256:}. */
  public static String hex(String digest) {
    return digest.substring(PREFIX.length());
  }

  public static String of(byte[] content) {
    return text(sha256().digest(content));
  }

  /** What has been read so far of a stream that {@link #watched} gave. */
  public static String of(DigestInputStream in) {
    return text(in.getMessageDigest().digest());
  }

  public static DigestInputStream watched(InputStream in) {
    return new DigestInputStream(in, sha256());
  }

  /** Reads to the end. */
  public static long drain(InputStream in) throws IOException {
    return in.transferTo(OutputStream.nullOutputStream());
  }

  private static String text(byte[] digest) {
    return PREFIX + HexFormat.of().formatHex(digest);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
