package io.intermodal.runtime.contract;

import io.intermodal.runtime.CriException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an image: {@code [registry/]path[:tag][@digest]}, as the distribution project defines
 * it, with Docker's defaults filled in.
 *
 * @param registry host and port; {@code docker.io} when none was given
 * @param path the repository below the registry; {@code library/busybox} for {@code busybox}
 * @param tag empty when none was given
 * @param digest {@code sha256:…}; empty when none was given
 */
public record ImageReference(
    String registry, String path, Optional<String> tag, Optional<String> digest) {

  private static final String DOCKER_HUB = "docker.io";
  private static final String OFFICIAL = "library/";
  private static final int LONGEST_NAME = 255;

  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final String HOST =
      "(?:\\[[a-fA-F0-9:]+\\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
          + "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]+)?";
  private static final Pattern NAME = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
  private static final Pattern REGISTRY = Pattern.compile(HOST);
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
  private static final Pattern DIGEST =
      Pattern.compile("[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}");
  private static final Pattern TAG_SUFFIX = Pattern.compile("(.*):([^:/]*)", Pattern.DOTALL);
  private static final Pattern ID = Pattern.compile("(?:sha256:)?[0-9a-f]{64}");

  /**
   * Reads a reference.
   *
   * @throws CriException INVALID_ARGUMENT saying which part is wrong
   */
  public static ImageReference parse(String text) {
    if (text.isEmpty()) {
      throw CriException.invalid("image: no reference given (expected: [registry/]name[:tag])");
    }
    String rest = text;
    Optional<String> digest = Optional.empty();
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Optional.of(checked(text, "digest", rest.substring(at + 1), DIGEST));
      rest = rest.substring(0, at);
    }
    Optional<String> tag = Optional.empty();
    Matcher tagged = TAG_SUFFIX.matcher(rest);
    if (tagged.matches()) {
      tag = Optional.of(checked(text, "tag", tagged.group(2), TAG));
      rest = tagged.group(1);
    }
    if (ID.matcher(rest).matches()) {
      throw CriException.invalid(
          "image \"%s\": this is an id, not a name (expected: [registry/]name[:tag])"
              .formatted(text));
    }
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    boolean hasRegistry =
        first.contains(".")
            || first.contains(":")
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(Locale.ROOT));
    String registry = hasRegistry ? checked(text, "registry", first, REGISTRY) : DOCKER_HUB;
    String path = hasRegistry ? rest.substring(slash + 1) : rest;
    checked(text, "name", path, NAME);
    if (registry.equals("index.docker.io")) {
      registry = DOCKER_HUB;
    }
    if (registry.equals(DOCKER_HUB) && !path.contains("/")) {
      path = OFFICIAL + path;
    }
    if (registry.length() + 1 + path.length() > LONGEST_NAME) {
      throw CriException.invalid(
          "image \"%s\": the name is longer than %d characters".formatted(text, LONGEST_NAME));
    }
    return new ImageReference(registry, path, tag, digest);
  }

  private static String checked(String text, String part, String value, Pattern form) {
    if (!form.matcher(value).matches()) {
      throw CriException.invalid(
          "image \"%s\": \"%s\" is not a %s (expected: [registry/]name[:tag][@sha256:…], lower"
                  .formatted(text, value, part)
              + " case name)");
    }
    return value;
  }

  /** Whether the text is an image id or the beginning of one, rather than surely a name. */
  public static boolean looksLikeId(String text) {
    return text.startsWith("sha256:")
        || (text.length() >= 4 && text.chars().allMatch(c -> Character.digit(c, 16) >= 0));
  }

  /** Whether the text can only be an image id. */
  public static boolean isWholeId(String text) {
    return text.startsWith("sha256:") || ID.matcher(text).matches();
  }

  /** Registry and path as Docker shows them: without the defaults. */
  public String familiarName() {
    if (!registry.equals(DOCKER_HUB)) {
      return registry + "/" + path;
    }
    return path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0
        ? path.substring(OFFICIAL.length())
        : path;
  }

  /** What is pulled: the digest if there is one, else the tag, else {@code latest}. */
  public String tagOrDigest() {
    return digest.or(() -> tag).orElse("latest");
  }

  /**
   * The name as Docker lists it: {@code name@digest} if there is a digest, else {@code name:tag}.
   */
  public String familiar() {
    return digest
        .map(d -> familiarName() + "@" + d)
        .orElseGet(() -> familiarName() + ":" + tag.orElse("latest"));
  }

  /** The whole reference with nothing left out. */
  @Override
  public String toString() {
    String name = registry + "/" + path;
    if (tag.isEmpty() && digest.isEmpty()) {
      return name + ":latest";
    }
    return name + tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }
}
