package io.intermodal.tests.virtual;

import io.intermodal.tests.host.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A qemu that emulates a PC in software. What the node writes to its disk is forgotten; from its
 * network it reaches nobody, and the host reaches its sshd alone.
 */
final class Machine implements AutoCloseable {
  private static final int CONSOLE_LINES = 30;
  private static final Duration END = Duration.ofSeconds(20);

  /**
   * Runs the words as a process that ends with its parent, however that ends: it holds the other
   * end of this standard input.
   */
  private static final String WITH_PARENT =
      """
      exec 3<&0
      "$@" </dev/null 3<&- &
      pid=$!
      { cat <&3; kill -KILL "$pid"; } >/dev/null 2>&1 &
      wait "$pid"
      """;

  private final Path folder;
  private final int sshPort;
  private final Process process;

  /**
   * Switches it on.
   *
   * @param folder of the run, for its console and qemu's output
   */
  Machine(NodeDisk disk, List<FolderDisk> folders, Path folder) {
    this.folder = folder;
    this.sshPort = Ports.free();
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WITH_PARENT, "sh"));
    command.addAll(
        List.of(
            "qemu-system-x86_64",
            "-accel",
            "tcg,thread=multi",
            "-smp",
            "2",
            "-m",
            "3072",
            "-nodefaults",
            "-no-user-config",
            "-no-reboot",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "file:" + console(),
            "-kernel",
            disk.kernel().toString(),
            "-initrd",
            disk.initrd().toString(),
            "-append",
            "root=LABEL=node rw console=ttyS0 apparmor=1 security=apparmor psi=1 quiet",
            "-drive",
            "if=virtio,format=raw,snapshot=on,cache=unsafe,file=" + disk.disk(),
            "-device",
            "virtio-rng-pci",
            "-netdev",
            "user,id=host,restrict=on,hostfwd=tcp:127.0.0.1:%d-:22".formatted(sshPort),
            "-device",
            "virtio-net-pci,netdev=host"));
    for (FolderDisk of : folders) {
      command.addAll(
          List.of(
              "-drive",
              "if=none,format=raw,readonly=on,id=%s,file=%s".formatted(of.name(), of.image()),
              "-device",
              "virtio-blk-pci,drive=%1$s,serial=%1$s".formatted(of.name())));
    }
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output().toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path console() {
    return folder.resolve("console.log");
  }

  private Path output() {
    return folder.resolve("qemu.log");
  }

  /** The port on the host's loopback that leads to the node's sshd. */
  int sshPort() {
    return sshPort;
  }

  boolean on() {
    return process.isAlive();
  }

  /** Waits until it is switched off; false when it still is not at the deadline. */
  boolean awaitOff(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The end of what qemu and the console said. */
  String lastWords() {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(output()));
      if (Files.exists(console())) {
        lines.addAll(Files.readString(console()).lines().toList());
      }
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - CONSOLE_LINES), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pulls the plug. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!awaitOff(END)) {
      throw new IllegalStateException("qemu does not end");
    }
  }
}
