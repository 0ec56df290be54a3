package io.intermodal.server.several;

import io.intermodal.runtime.CriException;
import io.intermodal.server.several.member.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which engine a runtime handler names, so that a RuntimeClass picks the engine of its pods: {@code
 * containerd}, {@code containerd/kata}, or a name that was configured to mean one of these. Every
 * other name, and none, is the default engine's own matter.
 */
final class RuntimeHandlers {
  private static final String SEPARATOR = "/";

  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Member defaultMember;
  private final Map<String, String> names;
  private final Set<String> engines;

  /**
   * @param members the engines, the default one first
   * @param names configured ones, and what they mean: {@code containerd/kata}
   * @param engines the names of all engines, those too that are not served here
   */
  RuntimeHandlers(List<Member> members, Map<String, String> names, Set<String> engines) {
    members.forEach(member -> this.members.put(member.name(), member));
    this.defaultMember = members.getFirst();
    this.names = Map.copyOf(names);
    this.engines = Set.copyOf(engines);
  }

  /**
   * An engine and a handler inside of it.
   *
   * @param handler as the engine knows it; empty for the engine's default
   */
  record Target(Member member, String handler) {}

  /**
   * What a handler of a request means.
   *
   * @throws CriException INVALID_ARGUMENT when it names an engine that is not served here
   */
  Target target(String handler) {
    String meant = names.getOrDefault(handler, handler);
    int end = meant.indexOf(SEPARATOR);
    String engine = end < 0 ? meant : meant.substring(0, end);
    Member member = members.get(engine);
    if (member != null) {
      return new Target(member, end < 0 ? "" : meant.substring(end + 1));
    }
    if (engines.contains(engine) || !meant.equals(handler)) {
      throw CriException.invalid(
          "runtime handler \"%s\" means engine %s, which is not served here (served: %s): add it to --container-runtime"
              .formatted(handler, engine, String.join(", ", members.keySet())));
    }
    return new Target(defaultMember, handler);
  }

  /** How a handler of an engine is called from outside; the default engine's also without this. */
  Set<String> namesOf(Member member, String handler) {
    String full = handler.isEmpty() ? member.name() : member.name() + SEPARATOR + handler;
    Set<String> configured =
        names.entrySet().stream()
            .filter(name -> name.getValue().equals(full))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    configured.add(full);
    return configured;
  }

  /** The engine of pods that name none. */
  Member defaultMember() {
    return defaultMember;
  }
}
