package io.intermodal.docker.spec.security;

import com.github.dockerjava.api.model.Capability;
import io.intermodal.runtime.CriException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The capabilities that a container has more or less than Docker's usual ones.
 *
 * @param add those to add; may hold {@link Capability#ALL}
 * @param drop those to drop; may hold {@link Capability#ALL}
 */
public record Capabilities(Set<Capability> add, Set<Capability> drop) {

  /**
   * Translates CRI's lists, where names may start with {@code CAP_}.
   *
   * <p>CRI applies "add ALL", then "drop ALL", then each addition, then each removal. Docker lets
   * an addition win over a removal of the same name, and "add ALL" over "drop ALL": so what would
   * lose is not sent.
   *
   * @throws CriException INVALID_ARGUMENT for a name that is no capability, UNIMPLEMENTED for
   *     ambient capabilities
   */
  public static Capabilities of(io.intermodal.cri.v1.Capability wish) {
    if (wish.getAddAmbientCapabilitiesCount() > 0) {
      throw CriException.unimplemented(
          "add_ambient_capabilities %s: Docker has no ambient capabilities; give the file the capability or run as root"
              .formatted(wish.getAddAmbientCapabilitiesList()));
    }
    Set<Capability> add = parse("add_capabilities", wish.getAddCapabilitiesList());
    Set<Capability> drop = parse("drop_capabilities", wish.getDropCapabilitiesList());
    add.removeAll(drop);
    return new Capabilities(add, drop);
  }

  private static Set<Capability> parse(String field, List<String> names) {
    Set<Capability> found = EnumSet.noneOf(Capability.class);
    for (String name : names) {
      String upper = name.toUpperCase(Locale.ROOT);
      try {
        found.add(
            Capability.valueOf(
                upper.startsWith("CAP_") ? upper.substring("CAP_".length()) : upper));
      } catch (IllegalArgumentException e) {
        throw new CriException(
            CriException.Code.INVALID_ARGUMENT,
            "%s: \"%s\" is not a capability".formatted(field, name),
            e);
      }
    }
    return found;
  }
}
