package io.intermodal.docker.spec.security;

import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.SupplementalGroupsPolicy;
import io.intermodal.runtime.CriException;
import java.util.List;
import java.util.Optional;

/**
 * The user that a container runs as.
 *
 * @param user Docker's user: {@code 1000}, {@code 1000:3000}, {@code nobody}; empty leaves it to
 *     the image
 * @param groups additional groups by number
 */
public record ProcessUser(Optional<String> user, List<String> groups) {
  private static final long MAX_ID = 0xFFFF_FFFFL - 1;

  /**
   * Translates CRI's fields.
   *
   * <p>Docker adds the groups that the image's {@code /etc/group} lists for the user, which is the
   * policy Merge, unless the user is given together with a group: then it adds none, which is the
   * policy Strict. So Strict works with a group and is refused without.
   *
   * @param id the user's number, empty if not given
   * @param name the user's name, "" if not given
   * @param group the group's number, empty if not given
   * @throws CriException INVALID_ARGUMENT for a group without a user, for two users, and for
   *     numbers that are none; UNIMPLEMENTED for the policy Strict where Docker would merge
   */
  public static ProcessUser of(
      Optional<Int64Value> id,
      String name,
      Optional<Int64Value> group,
      List<Long> supplementalGroups,
      SupplementalGroupsPolicy policy) {
    if (id.isPresent() && !name.isEmpty()) {
      throw CriException.invalid(
          "run_as_user %d and run_as_username \"%s\" exclude each other"
              .formatted(id.get().getValue(), name));
    }
    if (name.contains(":")) {
      throw CriException.invalid("run_as_username \"%s\": a name has no colon".formatted(name));
    }
    Optional<String> user =
        id.map(value -> number("run_as_user", value.getValue()))
            .or(() -> Optional.of(name).filter(text -> !text.isEmpty()));
    if (group.isPresent() && user.isEmpty()) {
      throw CriException.invalid(
          "run_as_group %d needs run_as_user or run_as_username".formatted(group.get().getValue()));
    }
    if (policy == SupplementalGroupsPolicy.UNRECOGNIZED
        || (policy == SupplementalGroupsPolicy.Strict && group.isEmpty())) {
      throw CriException.unimplemented(
          "supplemental_groups_policy %s: Docker adds the groups of the image's /etc/group unless run_as_group is given; give it"
              .formatted(policy));
    }
    return new ProcessUser(
        user.map(text ->
            group.isPresent() ? text + ":" + number("run_as_group", group.get().getValue()) : text),
        supplementalGroups.stream().map(gid -> number("supplemental_groups", gid)).toList());
  }

  private static String number(String field, long value) {
    if (value < 0 || value > MAX_ID) {
      throw CriException.invalid("%s: %d (expected: 0 to %d)".formatted(field, value, MAX_ID));
    }
    return Long.toString(value);
  }
}
