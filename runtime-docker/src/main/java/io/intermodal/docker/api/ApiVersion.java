package io.intermodal.docker.api;

import java.util.Comparator;

/** A version of Docker's API: {@code 1.41} came with Docker 20.10. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** Docker 20.10, the oldest that is served. */
  public static final ApiVersion OLDEST = new ApiVersion(1, 41);

  /** Docker 28.0, the newest whose fields are known here. */
  public static final ApiVersion NEWEST = new ApiVersion(1, 48);

  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /**
   * Reads {@code "1.45"}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ApiVersion parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("not a version of Docker's API: " + text);
    }
    return new ApiVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** Whether a field that came with {@code 1.minor} can be used. */
  public boolean atLeast(int minorOfOne) {
    return compareTo(new ApiVersion(1, minorOfOne)) >= 0;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
