package io.intermodal.docker.spec.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Docker's {@code seccomp=} option. Leaving it out means Docker's built-in profile. */
final class SeccompOption {
  private static final String UNCONFINED = "seccomp=unconfined";
  private static final String LOCALHOST_PREFIX = "localhost/";
  private static final int MAX_PROFILE_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private SeccompOption() {}

  /**
   * What a container asked for. Nothing said means unconfined, as kubelets expect of every runtime;
   * a privileged container is unconfined whatever was said.
   *
   * @param profile the message, empty if the request has none
   * @param older the older string: "", {@code unconfined}, {@code runtime/default}, {@code
   *     docker/default} or {@code localhost/} and a path
   * @throws CriException INVALID_ARGUMENT when the profile cannot be read or is no JSON object;
   *     UNIMPLEMENTED when the engine applies no profiles
   */
  static Optional<String> forContainer(
      Optional<SecurityProfile> profile, String older, boolean privileged, boolean supported) {
    if (privileged) {
      return Optional.of(UNCONFINED);
    }
    return asked(profile, older, Optional.of(UNCONFINED), supported);
  }

  /**
   * What a sandbox asked for. Nothing said means Docker's built-in profile: the pause process needs
   * nothing that it forbids.
   */
  static Optional<String> forSandbox(
      Optional<SecurityProfile> profile, String older, boolean supported) {
    return asked(profile, older, Optional.empty(), supported);
  }

  private static Optional<String> asked(
      Optional<SecurityProfile> profile,
      String older,
      Optional<String> silence,
      boolean supported) {
    if (profile.isPresent()) {
      return switch (profile.get().getProfileType()) {
        case RuntimeDefault -> Optional.empty();
        case Unconfined -> Optional.of(UNCONFINED);
        case Localhost -> Optional.of(load(profile.get().getLocalhostRef(), supported));
        case UNRECOGNIZED ->
            throw CriException.invalid(
                "seccomp: unknown profile type %d".formatted(profile.get().getProfileTypeValue()));
      };
    }
    return switch (older) {
      case "" -> silence;
      case "unconfined" -> Optional.of(UNCONFINED);
      case "runtime/default", "docker/default" -> Optional.empty();
      default -> {
        if (!older.startsWith(LOCALHOST_PREFIX)) {
          throw CriException.invalid(
              "seccomp_profile_path \"%s\" (expected: unconfined, runtime/default or localhost/PATH)"
                  .formatted(older));
        }
        yield Optional.of(load(older, supported));
      }
    };
  }

  private static String load(String reference, boolean supported) {
    String name =
        reference.startsWith(LOCALHOST_PREFIX)
            ? reference.substring(LOCALHOST_PREFIX.length())
            : reference;
    if (!supported) {
      throw CriException.unimplemented(
          "seccomp profile %s: this Docker or its kernel has no seccomp; ask for Unconfined"
              .formatted(name));
    }
    byte[] content = read(name);
    try {
      JsonNode json = JSON.readTree(content);
      if (!json.isObject()) {
        throw CriException.invalid("seccomp profile %s is not a JSON object".formatted(name));
      }
      return "seccomp=" + json;
    } catch (JsonProcessingException e) {
      throw new CriException(
          CriException.Code.INVALID_ARGUMENT,
          "seccomp profile %s is not JSON: %s".formatted(name, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static byte[] read(String name) {
    try {
      Path path = Path.of(name);
      if (!path.isAbsolute()) {
        throw CriException.invalid("seccomp profile \"%s\": not an absolute path".formatted(name));
      }
      try (InputStream in = Files.newInputStream(path)) {
        byte[] content = in.readNBytes(MAX_PROFILE_BYTES + 1);
        if (content.length > MAX_PROFILE_BYTES) {
          throw CriException.invalid(
              "seccomp profile %s is larger than %d bytes".formatted(name, MAX_PROFILE_BYTES));
        }
        return content;
      }
    } catch (InvalidPathException | IOException e) {
      throw unreadable(name, e);
    }
  }

  private static CriException unreadable(String name, Exception e) {
    return new CriException(
        CriException.Code.INVALID_ARGUMENT,
        "seccomp profile %s cannot be read: %s; put it on this node".formatted(name, e),
        e);
  }
}
