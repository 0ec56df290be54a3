package io.intermodal.tests.virtual;

import io.intermodal.tests.engine.PrivateFolder;
import io.intermodal.tests.host.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Debian machine under qemu with systemd, cgroup v2, AppArmor and Docker, booted from a fresh
 * state. The end of it takes everything along that was started for it.
 */
public final class VirtualNode implements AutoCloseable {
  private static final Duration BOOT = Duration.ofMinutes(8);
  private static final Duration COMMAND = Duration.ofMinutes(5);
  private static final Duration COPY = Duration.ofMinutes(10);
  private static final Duration SHUTDOWN = Duration.ofMinutes(2);

  private final PrivateFolder folder;
  private final Machine machine;
  private final SecureShell shell;

  private VirtualNode(PrivateFolder folder, Machine machine, SecureShell shell) {
    this.folder = folder;
    this.machine = machine;
    this.shell = shell;
  }

  /** Why this host cannot carry one; empty when it can. */
  public static Optional<String> objection() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      return Optional.of("no virtual node here: it is a PC that runs this Java, which is for none");
    }
    if (!System.getProperty("user.name").equals("root")) {
      return Optional.of("no virtual node here: its disk is made as root");
    }
    Map<String, String> packages =
        Map.of(
            "qemu-system-x86_64", "qemu-system-x86",
            "mmdebstrap", "mmdebstrap",
            "mke2fs", "e2fsprogs",
            "ssh", "openssh-client");
    List<String> missing =
        packages.entrySet().stream()
            .filter(program -> !installed(program.getKey()))
            .map(Map.Entry::getValue)
            .sorted()
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("no virtual node here: apt-get install " + String.join(" ", missing));
  }

  private static boolean installed(String program) {
    return Command.run(List.of("sh", "-c", "command -v " + program)).exitCode() == 0;
  }

  /**
   * Boots one, which takes a minute on an idle host; for the first time the disk is made before.
   *
   * @param folders of the host, by the folder of the node in which they are to be read
   */
  public static VirtualNode boot(Map<String, Path> folders) {
    NodeDisk disk = NodeDisk.prepare();
    System.out.println("booting a virtual node");
    PrivateFolder folder = PrivateFolder.create();
    try {
      List<FolderDisk> disks = new ArrayList<>();
      folders.forEach((target, source) ->
          disks.add(FolderDisk.of(source, "folder" + disks.size(), folder.path(), target)));
      return boot(disk, disks, folder);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static VirtualNode boot(NodeDisk disk, List<FolderDisk> disks, PrivateFolder folder) {
    Machine machine = new Machine(disk, disks, folder.path());
    try {
      SecureShell shell = SecureShell.connect(disk, machine, folder.path(), BOOT);
      VirtualNode node = new VirtualNode(folder, machine, shell);
      // Its answer is "degraded" and its exit code 1 when a unit failed.
      String state = node.run("systemctl is-system-running --wait", BOOT).output().strip();
      if (!state.equals("running")) {
        throw new IllegalStateException(
            "systemd says %s: %s".formatted(state, node.run("systemctl --failed").output()));
      }
      disks.forEach(of -> node.output(of.mountCommand()));
      return node;
    } catch (RuntimeException e) {
      String console = machine.lastWords();
      machine.close();
      throw new IllegalStateException(
          "the virtual node does not boot; its console:\n" + console, e);
    }
  }

  /** Runs a script of the shell as root; the outcome may be a failure. */
  public Command.Outcome run(String script) {
    return run(script, COMMAND);
  }

  /** Likewise, for so long at most. */
  public Command.Outcome run(String script, Duration limit) {
    return shell.run(script, limit);
  }

  /** Runs it and returns its output without the last line's end; a failure is an exception. */
  public String output(String script) {
    Command.Outcome outcome = run(script);
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException(
          "%s: exit code %d: %s".formatted(script, outcome.exitCode(), outcome.output()));
    }
    return outcome.output().stripTrailing();
  }

  /** Copies what is in a folder of the host into one of the node. */
  public void send(Path source, String target) {
    shell.send(source, target, COPY);
  }

  /** Copies what is in a folder of the node into one of the host, which exists. */
  public void fetch(String source, Path target) {
    shell.fetch(source, target, COPY);
  }

  /** A socket of the host that leads to one in the node. */
  public Path carryToHost(String nodeSocket) {
    Path socket = folder.path().resolve(Path.of(nodeSocket).getFileName());
    shell.carryToHost(socket, nodeSocket);
    return socket;
  }

  /** Has a port of the node's loopback lead to the same of the host's: a registry. */
  public void carryToNode(int port) {
    shell.carryToNode(port);
  }

  /** A folder for files of this run, on the host. */
  public Path folder() {
    return folder.path();
  }

  /** Shuts it down, or switches it off when it does not obey. */
  @Override
  public void close() {
    try (folder;
        machine;
        shell) {
      var _ = run("systemctl poweroff --no-block");
      if (!machine.awaitOff(SHUTDOWN)) {
        System.out.println(
            "the virtual node does not shut down; its console:\n" + machine.lastWords());
      }
    }
  }
}
