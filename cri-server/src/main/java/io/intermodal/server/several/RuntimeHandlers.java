package io.intermodal.server.several;

import io.intermodal.runtime.CriException;
import io.intermodal.server.handler.HandlerNames;
import io.intermodal.server.handler.HandlerNames.Meaning;
import io.intermodal.server.several.member.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The engine that a runtime handler names. */
final class RuntimeHandlers {
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Member defaultMember;
  private final HandlerNames names;

  /**
   * @param members the engines, the default one first
   * @param configured names of handlers, and what they mean: {@code containerd/kata}
   * @param engines the names of all engines, those too that are not served here
   */
  RuntimeHandlers(List<Member> members, Map<String, String> configured, Set<String> engines) {
    members.forEach(member -> this.members.put(member.name(), member));
    this.defaultMember = members.getFirst();
    this.names = new HandlerNames(members.stream().map(Member::name).toList(), configured, engines);
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
    Meaning meaning = names.meaning(handler);
    return new Target(Objects.requireNonNull(members.get(meaning.engine())), meaning.handler());
  }

  /** How a handler of an engine is called from outside; the default engine's also without this. */
  Set<String> namesOf(Member member, String handler) {
    return names.namesOf(member.name(), handler);
  }

  /** The engine of pods that name none. */
  Member defaultMember() {
    return defaultMember;
  }
}
