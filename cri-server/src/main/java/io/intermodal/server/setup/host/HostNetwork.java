package io.intermodal.server.setup.host;

import io.intermodal.runtime.setup.Leavings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's network interfaces and packet filter: what is there, and taking away what an engine
 * has left there.
 */
public final class HostNetwork {
  private static final Logger log = LoggerFactory.getLogger(HostNetwork.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final List<String> FILTERS = List.of("iptables", "ip6tables");

  private final Path interfaces;
  private final HostFiles files;
  private final Programs programs;

  /**
   * @param interfaces the kernel's list of network interfaces, {@code /proc/net/dev}: that of the
   *     namespace that this process is in, unlike sysfs, which has that of its mount
   */
  public HostNetwork(Path interfaces, HostFiles files, Programs programs) {
    this.interfaces = interfaces;
    this.files = files;
    this.programs = programs;
  }

  /**
   * What is there at one moment.
   *
   * @param interfaces names of network interfaces
   * @param filters what each program prints of its packet filter, by the program's name
   */
  public record Snapshot(Set<String> interfaces, Map<String, String> filters) {
    /** Before anything was. */
    public static final Snapshot EMPTY = new Snapshot(Set.of(), Map.of());

    public Snapshot {
      interfaces = Set.copyOf(interfaces);
      filters = Map.copyOf(filters);
    }
  }

  /** What is there now. */
  public Snapshot look() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    for (String line : Files.readAllLines(interfaces)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        names.add(line.substring(0, colon).strip());
      }
    }
    Map<String, String> filters = new TreeMap<>();
    for (String filter : FILTERS) {
      Optional<Path> save = files.program(filter + "-save");
      if (save.isPresent()) {
        Programs.Result saved = programs.run(List.of(save.get().toString()), "", PATIENCE);
        // A kernel without IPv6 has no packet filter for it.
        if (saved.code() == 0) {
          filters.put(filter, saved.out());
        }
      }
    }
    return new Snapshot(names, filters);
  }

  /** Whether there is such a rule. */
  public boolean has(PacketRule rule) throws IOException {
    return programs.run(rule.command("-C"), "", PATIENCE).code() == 0;
  }

  /** Puts a rule before all others of its chain. */
  public void add(PacketRule rule) throws IOException {
    programs.require(rule.command("-I"), "", PATIENCE);
  }

  /** Takes a rule away; it may be gone already. */
  public void remove(PacketRule rule) throws IOException {
    if (has(rule)) {
      programs.require(rule.command("-D"), "", PATIENCE);
    }
  }

  /**
   * Takes away what is there now, was not there before, and belongs to those that are named; of
   * files, all that are named.
   *
   * @throws IOException when something cannot be taken away; it can be tried again
   */
  public void takeAway(Leavings leavings, Snapshot before) throws IOException {
    Snapshot now = look();
    Set<String> doomed = new LinkedHashSet<>(now.interfaces());
    doomed.retainAll(leavings.interfaces());
    doomed.removeAll(before.interfaces());
    for (Map.Entry<String, String> filter : now.filters().entrySet()) {
      FilterCleanup cleanup =
          new FilterCleanup(
              filter.getValue(),
              before.filters().getOrDefault(filter.getKey(), ""),
              leavings.chains(),
              doomed);
      String commands = cleanup.commands();
      if (!commands.isEmpty()) {
        programs.require(List.of(filter.getKey() + "-restore", "--noflush"), commands, PATIENCE);
        log.debug("{}: took away {}", filter.getKey(), commands);
      }
    }
    for (String link : doomed) {
      programs.require(List.of("ip", "link", "delete", link), "", PATIENCE);
    }
    for (Path path : leavings.paths()) {
      deleteTree(files.place(path));
    }
  }

  /** What is mounted there may be anybody's: it stays, and all around it. */
  private static void deleteTree(Path top) throws IOException {
    if (Files.notExists(top) || mounts().stream().anyMatch(mount -> mount.startsWith(top))) {
      return;
    }
    List<Path> inside = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(top)) {
      tree.forEach(inside::add);
    }
    for (Path path : inside.reversed()) {
      Files.deleteIfExists(path);
    }
  }

  /** Where something is mounted: the fifth word of a line. */
  private static List<Path> mounts() throws IOException {
    Path table = Path.of("/proc/self/mountinfo");
    return Files.readAllLines(table).stream().map(line -> Path.of(line.split(" ", -1)[4])).toList();
  }
}
