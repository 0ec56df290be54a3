package io.intermodal.server.setup.host;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;

/**
 * A file as it is at one moment.
 *
 * @param content its bytes
 * @param permissions as {@code ls} prints them: {@code rw-r--r--}
 * @param uid its owner
 * @param gid its group
 * @param modified when it was written last, in milliseconds since 1970
 */
public record FileState(ByteString content, String permissions, int uid, int gid, long modified) {
  /** A digest of the content, to tell whether somebody else has written the file since. */
  public String digest() {
    return digest(content);
  }

  /** The digest of such content. */
  public static String digest(ByteString content) {
    return Hashing.sha256().hashBytes(content.toByteArray()).toString();
  }

  /** The content, read as UTF-8. */
  public String text() {
    return content.toStringUtf8();
  }
}
