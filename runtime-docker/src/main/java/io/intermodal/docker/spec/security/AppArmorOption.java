package io.intermodal.docker.spec.security;

import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.runtime.CriException;
import java.util.Optional;

/**
 * Docker's {@code apparmor=} option. Leaving it out means Docker's own profile, or none for a
 * privileged container, or none on a host without AppArmor.
 */
final class AppArmorOption {
  static final String UNCONFINED = "unconfined";
  private static final String LOCALHOST_PREFIX = "localhost/";

  private AppArmorOption() {}

  /**
   * What a container or sandbox asked for.
   *
   * @param profile the message, empty if the request has none
   * @param older the older string: "", {@code unconfined}, {@code runtime/default} or {@code
   *     localhost/} and a name
   * @throws CriException INVALID_ARGUMENT for what is no profile; UNIMPLEMENTED when a profile is
   *     named and the host has no AppArmor
   */
  static Optional<String> of(Optional<SecurityProfile> profile, String older, boolean supported) {
    if (profile.isPresent()) {
      return switch (profile.get().getProfileType()) {
        case RuntimeDefault -> Optional.empty();
        case Unconfined -> unconfined(supported);
        case Localhost -> Optional.of(named(profile.get().getLocalhostRef(), supported));
        case UNRECOGNIZED ->
            throw CriException.invalid(
                "apparmor: unknown profile type %d".formatted(profile.get().getProfileTypeValue()));
      };
    }
    return switch (older) {
      case "", "runtime/default" -> Optional.empty();
      case UNCONFINED -> unconfined(supported);
      default -> {
        if (!older.startsWith(LOCALHOST_PREFIX)) {
          throw CriException.invalid(
              "apparmor_profile \"%s\" (expected: unconfined, runtime/default or localhost/NAME)"
                  .formatted(older));
        }
        yield Optional.of(named(older, supported));
      }
    };
  }

  private static Optional<String> unconfined(boolean supported) {
    return supported ? Optional.of("apparmor=" + UNCONFINED) : Optional.empty();
  }

  private static String named(String reference, boolean supported) {
    String name =
        reference.startsWith(LOCALHOST_PREFIX)
            ? reference.substring(LOCALHOST_PREFIX.length())
            : reference;
    if (name.isEmpty()) {
      throw CriException.invalid("apparmor: a localhost profile without a name");
    }
    if (!supported) {
      throw CriException.unimplemented(
          "apparmor profile \"%s\": AppArmor is not enabled on this host or in its Docker"
              .formatted(name));
    }
    return "apparmor=" + name;
  }
}
