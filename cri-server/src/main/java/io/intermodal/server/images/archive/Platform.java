package io.intermodal.server.images.archive;

import java.util.Locale;

/**
 * What an image's programs run on.
 *
 * @param os {@code linux}
 * @param architecture as Go calls it: {@code amd64}, {@code arm64}
 */
public record Platform(String os, String architecture) {
  /** The one that this process runs on. */
  public static Platform ofHost() {
    String architecture = System.getProperty("os.arch", "");
    return new Platform(
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
        switch (architecture) {
          case "aarch64" -> "arm64";
          case "x86_64" -> "amd64";
          default -> architecture;
        });
  }

  /** {@code linux/amd64}. */
  @Override
  public String toString() {
    return os + "/" + architecture;
  }
}
