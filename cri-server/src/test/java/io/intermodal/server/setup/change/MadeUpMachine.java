package io.intermodal.server.setup.change;

import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.server.node.FileStateDirectory;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.host.HostNetwork;
import io.intermodal.server.setup.host.KernelSettings;
import io.intermodal.server.setup.host.PacketRule;
import io.intermodal.server.setup.host.Programs;
import io.intermodal.server.setup.journal.Journal;
import io.intermodal.server.setup.service.Service;
import io.intermodal.server.setup.service.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A machine in a folder, with daemons that are only written down. What is done to it is counted,
 * and it can be told to die before one of the steps.
 */
final class MadeUpMachine {
  /** What each daemon's files said when it was started. */
  final Map<String, String> running = new TreeMap<>();

  final Set<String> enabled = new TreeSet<>();
  final Set<String> rules = new TreeSet<>();
  final List<String> restarts = new ArrayList<>();
  List<Path> read = List.of();

  private final Path root;
  private int steps;
  private int lastStep = Integer.MAX_VALUE;

  MadeUpMachine(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("proc/sys/net/ipv4"));
    Files.writeString(root.resolve("proc/sys/net/ipv4/ip_forward"), "0\n");
    Files.writeString(root.resolve("interfaces"), "Inter-|\n    lo: 0\n");
  }

  /** Lets it do so many steps and no more. */
  void dieAfter(int number) {
    steps = 0;
    lastStep = number;
  }

  /** Lets it live. */
  void live() {
    lastStep = Integer.MAX_VALUE;
  }

  private void step(String what) {
    if (steps++ >= lastStep) {
      throw new Killed(what);
    }
  }

  Machine machine() {
    Programs programs = this::run;
    HostFiles files = new HostFiles(root, programs);
    return new Machine(
        files,
        new KernelSettings(root.resolve("proc/sys"), programs),
        new HostNetwork(root.resolve("interfaces"), files, programs),
        new WrittenServices());
  }

  /** The iptables of this machine knows -C, -I and -D. */
  private Programs.Result run(List<String> command, String input, java.time.Duration patience) {
    String verb = command.size() > 2 ? command.get(2) : "";
    String rule = command.size() > 3 ? String.join(" ", command.subList(3, command.size())) : "";
    switch (verb) {
      case "-I" -> {
        step("iptables -I");
        rules.add(rule);
      }
      case "-D" -> {
        step("iptables -D");
        rules.remove(rule);
      }
      case "-C" -> {
        return new Programs.Result(rules.contains(rule) ? 0 : 1, "", "");
      }
      default -> {
        return new Programs.Result(1, "", "no such program");
      }
    }
    return new Programs.Result(0, "", "");
  }

  /** Opened anew as by a new process. */
  Journal journal() throws IOException {
    return Journal.open(new MortalDirectory(new FileStateDirectory(root.resolve("state"))));
  }

  /** All that a person would see of it: files but for the journal, daemons, rules, settings. */
  Map<String, String> everything() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.filter(path -> !path.startsWith(root.resolve("state"))).toList()) {
        all.put(
            root.relativize(path).toString(),
            Files.isDirectory(path)
                ? "folder"
                : Files.readString(path)
                    + Files.getPosixFilePermissions(path)
                    + (path.startsWith(root.resolve("etc"))
                        ? Files.getLastModifiedTime(path).toMillis()
                        : ""));
      }
    }
    all.put("running", running.toString());
    all.put("enabled", enabled.toString());
    all.put("rules", rules.toString());
    return all;
  }

  static PacketRule rule() {
    return new PacketRule("iptables", "FORWARD", List.of("-d", "10.0.0.0/8", "-j", "ACCEPT"));
  }

  String whatItReads() {
    StringBuilder all = new StringBuilder();
    for (Path file : read) {
      try {
        all.append(new HostFiles(root, this::run).read(file).orElse("(none)"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return all.toString();
  }

  private final class WrittenServices implements Services {
    @Override
    public boolean running(Service service) {
      return running.containsKey(service.name());
    }

    @Override
    public boolean enabled(Service service) {
      return enabled.contains(service.name());
    }

    @Override
    public void start(Service service) {
      step("start");
      enabled.add(service.name());
      running.putIfAbsent(service.name(), whatItReads());
    }

    @Override
    public void restart(Service service) {
      step("restart");
      enabled.add(service.name());
      running.put(service.name(), whatItReads());
      restarts.add(service.name());
    }

    @Override
    public void stop(Service service) {
      step("stop");
      running.remove(service.name());
    }

    @Override
    public void disable(Service service) {
      step("disable");
      enabled.remove(service.name());
    }

    @Override
    public void unitsChanged() {
      step("daemon-reload");
    }

    @Override
    public String lastWords(Service service) {
      return "its last words";
    }

    @Override
    public String spelled(String verb, Service service) {
      return verb + " " + service.name();
    }
  }

  /** Dies before a write or after it, as it happens. */
  private final class MortalDirectory implements StateDirectory {
    private final StateDirectory directory;

    MortalDirectory(StateDirectory directory) {
      this.directory = directory;
    }

    @Override
    public StateDirectory within(String name) {
      return new MortalDirectory(directory.within(name));
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
      step("write " + name);
      directory.write(name, content);
      step("after the write of " + name);
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
      return directory.read(name);
    }

    @Override
    public void delete(String name) throws IOException {
      step("delete " + name);
      directory.delete(name);
    }

    @Override
    public List<String> names() throws IOException {
      return directory.names();
    }
  }
}
