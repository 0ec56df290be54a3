package io.intermodal.tests.virtual;

import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One ssh connection to a node, on which commands run and sockets are carried. Handshakes take
 * seconds in emulation, and further commands on the same connection none.
 */
final class SecureShell implements AutoCloseable {
  /** Of the node, in its disk's list of known hosts. */
  private static final String NAME = "node";

  private final Path control;
  private final Path output;
  private final List<String> options;
  private Process master;

  private SecureShell(NodeDisk disk, int port, Path folder) {
    this.control = folder.resolve("ssh.sock");
    this.output = folder.resolve("ssh.log");
    this.options =
        List.of(
            "-F", "none",
            "-S", control.toString(),
            "-p", Integer.toString(port),
            "-l", "root",
            "-i", disk.key().toString(),
            "-o", "IdentitiesOnly=yes",
            "-o", "IdentityAgent=none",
            "-o", "HostKeyAlias=" + NAME,
            "-o", "UserKnownHostsFile=" + disk.knownHosts(),
            "-o", "GlobalKnownHostsFile=/dev/null",
            "-o", "StrictHostKeyChecking=yes",
            "-o", "BatchMode=yes",
            "-o", "ConnectTimeout=60",
            "-o", "StreamLocalBindUnlink=yes",
            "-o", "LogLevel=ERROR");
    this.master = startMaster();
  }

  /** Connects as soon as the machine's sshd answers. */
  static SecureShell connect(NodeDisk disk, Machine machine, Path folder, Duration limit) {
    SecureShell shell = new SecureShell(disk, machine.sshPort(), folder);
    try {
      Await.until(
          "the node takes ssh connections",
          limit,
          () -> {
            if (!machine.on()) {
              throw new IOException("qemu ended");
            }
            if (!shell.master.isAlive()) {
              shell.master = shell.startMaster();
            }
            return Files.exists(shell.control);
          });
      return shell;
    } catch (AssertionError | RuntimeException e) {
      shell.close();
      throw new IllegalStateException("no connection to the node; " + shell.lastError(), e);
    }
  }

  private Process startMaster() {
    try {
      return new ProcessBuilder(words(List.of("-M", "-N")))
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String lastError() {
    try {
      return Files.readString(output).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> words(List<String> special, String... command) {
    List<String> words = new ArrayList<>(List.of("ssh"));
    words.addAll(options);
    words.addAll(special);
    words.add("127.0.0.1");
    words.addAll(List.of(command));
    return words;
  }

  /** Runs a script of the shell with nothing on its standard input. */
  Command.Outcome run(String script, Duration limit) {
    return Command.run(words(List.of("-T"), script), limit);
  }

  /** Has a socket of the host lead to one in the node. */
  void carryToHost(Path hostSocket, String nodeSocket) {
    forward("-L", hostSocket + ":" + nodeSocket);
  }

  /** Has a port of the node's loopback lead to the same of the host's. */
  void carryToNode(int port) {
    forward("-R", "127.0.0.1:%1$d:127.0.0.1:%1$d".formatted(port));
  }

  private void forward(String direction, String what) {
    Command.output(words(List.of("-O", "forward", direction, what)).toArray(String[]::new));
  }

  /** Copies what is in a folder of the host into one of the node. */
  void send(Path folder, String target, Duration limit) {
    pipe(
        List.of("tar", "--create", "--directory=" + folder, "."),
        words(List.of("-T"), "mkdir -p %1$s && tar --extract --directory=%1$s".formatted(target)),
        limit);
  }

  /** Copies what is in a folder of the node into one of the host. */
  void fetch(String folder, Path target, Duration limit) {
    pipe(
        words(List.of("-T"), "tar --create --directory=%s .".formatted(folder)),
        List.of("tar", "--extract", "--no-same-owner", "--directory=" + target),
        limit);
  }

  private void pipe(List<String> from, List<String> to, Duration limit) {
    try {
      List<Process> processes =
          ProcessBuilder.startPipeline(
              List.of(
                  new ProcessBuilder(from).redirectError(Redirect.appendTo(output.toFile())),
                  new ProcessBuilder(to)
                      .redirectError(Redirect.appendTo(output.toFile()))
                      .redirectOutput(Redirect.DISCARD)));
      long end = System.nanoTime() + limit.toNanos();
      for (Process process : processes) {
        boolean ended = process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (!ended || process.exitValue() != 0) {
          processes.forEach(Process::destroyForcibly);
          throw new IllegalStateException(
              "%s | %s: %s: %s"
                  .formatted(
                      String.join(" ", from),
                      String.join(" ", to),
                      ended ? "exit code " + process.exitValue() : "not within " + limit,
                      lastError()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Hangs up. */
  @Override
  public void close() {
    Command.end(master);
  }
}
