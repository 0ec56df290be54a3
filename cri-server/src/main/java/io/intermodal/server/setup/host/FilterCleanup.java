package io.intermodal.server.setup.host;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What takes an engine's chains and rules out of a packet filter, in the words of {@code
 * iptables-save}, which are those of {@code iptables-restore --noflush} too: rules that lead to the
 * chains or name the interfaces, then the chains themselves, and the policies of before.
 *
 * @param now what is there
 * @param before what was there before the engine
 * @param chains beginnings of the names of its chains
 * @param interfaces its interfaces
 */
record FilterCleanup(String now, String before, List<String> chains, Set<String> interfaces) {
  FilterCleanup {
    chains = List.copyOf(chains);
    interfaces = Set.copyOf(interfaces);
  }

  /** A table as it was saved. */
  private record Table(String name, List<String> chains, List<String> rules) {
    static List<Table> read(String saved) {
      List<Table> tables = new ArrayList<>();
      for (String line : saved.lines().toList()) {
        if (line.startsWith("*")) {
          tables.add(new Table(line.substring(1), new ArrayList<>(), new ArrayList<>()));
        } else if (line.startsWith(":") && !tables.isEmpty()) {
          tables.getLast().chains().add(line.substring(1));
        } else if (line.startsWith("-A ") && !tables.isEmpty()) {
          tables.getLast().rules().add(line.substring("-A ".length()));
        }
      }
      return tables;
    }
  }

  /** Empty when nothing is to be done. */
  String commands() {
    List<Table> earlier = Table.read(before);
    StringBuilder commands = new StringBuilder();
    for (Table table : Table.read(now)) {
      Table was =
          earlier.stream()
              .filter(other -> other.name().equals(table.name()))
              .findFirst()
              .orElse(new Table(table.name(), List.of(), List.of()));
      List<String> lines = commands(table, was);
      if (!lines.isEmpty()) {
        commands.append('*').append(table.name()).append('\n');
        lines.forEach(line -> commands.append(line).append('\n'));
        commands.append("COMMIT\n");
      }
    }
    return commands.toString();
  }

  private List<String> commands(Table table, Table was) {
    Set<String> doomed = new LinkedHashSet<>();
    Set<String> old = new HashSet<>(was.chains().stream().map(FilterCleanup::name).toList());
    for (String chain : table.chains()) {
      String name = name(chain);
      if (!old.contains(name) && chains.stream().anyMatch(name::startsWith)) {
        doomed.add(name);
      }
    }
    List<String> lines = new ArrayList<>();
    for (String rule : table.rules()) {
      List<String> words = List.of(rule.split(" ", -1));
      boolean goesWithItsChain = doomed.contains(words.getFirst());
      if (!goesWithItsChain
          && !was.rules().contains(rule)
          && words.stream().anyMatch(word -> doomed.contains(word) || interfaces.contains(word))) {
        lines.add("-D " + rule);
      }
    }
    doomed.forEach(chain -> lines.add("-F " + chain));
    doomed.forEach(chain -> lines.add("-X " + chain));
    if (!chains.isEmpty()) {
      lines.addAll(policies(table, was));
    }
    return lines;
  }

  /** Policies of built-in chains that were others before: dockerd makes FORWARD drop packets. */
  private static List<String> policies(Table table, Table was) {
    List<String> lines = new ArrayList<>();
    for (String chain : table.chains()) {
      String[] words = chain.split(" ", -1);
      String policy = policy(was, words[0]);
      if (words.length > 1 && !words[1].equals("-") && !words[1].equals(policy)) {
        lines.add("-P %s %s".formatted(words[0], policy));
      }
    }
    return lines;
  }

  /** A table that was not there, and a chain in it, accepts. */
  private static String policy(Table was, String chain) {
    return was.chains().stream()
        .map(other -> other.split(" ", -1))
        .filter(other -> other.length > 1 && other[0].equals(chain))
        .map(other -> other[1])
        .findFirst()
        .orElse("ACCEPT");
  }

  private static String name(String chain) {
    return chain.split(" ", -1)[0];
  }
}
