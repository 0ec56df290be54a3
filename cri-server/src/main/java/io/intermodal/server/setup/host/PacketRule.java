package io.intermodal.server.setup.host;

import java.util.ArrayList;
import java.util.List;

/**
 * A rule of a packet filter.
 *
 * @param program whose: {@code iptables} or {@code ip6tables}
 * @param chain of the table {@code filter}
 * @param words what it matches and does, as the program takes it
 */
public record PacketRule(String program, String chain, List<String> words) {
  public PacketRule {
    words = List.copyOf(words);
  }

  /** The command that does something with it: {@code -C}, {@code -I} or {@code -D}. */
  List<String> command(String verb) {
    // Others change the filter too: -w waits for them.
    List<String> command = new ArrayList<>(List.of(program, "-w", verb, chain));
    command.addAll(words);
    return command;
  }

  /** As a person would type it. */
  public String spelled() {
    return "%s -I %s %s".formatted(program, chain, String.join(" ", words));
  }
}
