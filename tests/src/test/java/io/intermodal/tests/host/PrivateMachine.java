package io.intermodal.tests.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine of its own for tests that change one: namespaces with copies of this host's {@code
 * /etc} and with empty {@code /run}, {@code /var/lib/docker} and the like, without a network but
 * loopback. Programs are the host's. It ends with everything that runs in it.
 */
public final class PrivateMachine implements AutoCloseable {
  private static final String SETUP =
      """
      set -e
      mount --make-rprivate /
      mount -t tmpfs tmpfs "$1"
      cp -a /etc "$1/etc"
      mount --bind "$1/etc" /etc
      for folder in docker containerd intermodal cni; do
        mkdir -p "$1/lib/$folder" "/var/lib/$folder"
        mount --bind "$1/lib/$folder" "/var/lib/$folder"
      done
      mkdir "$1/log"
      mount --bind "$1/log" /var/log
      mount -t tmpfs tmpfs /run
      mkdir /run/lock
      rm -rf /etc/cni /etc/docker /etc/containerd /etc/intermodal /etc/crictl.yaml
      ip link set lo up
      echo ready
      # The first process of a machine takes notice of those that end, as a shell that waits does.
      while :; do sleep 3600; done
      """;

  private final Process outer;
  private final long inner;

  private PrivateMachine(Process outer, long inner) {
    this.outer = outer;
    this.inner = inner;
  }

  /**
   * Makes one.
   *
   * @param folder empty, for what is written there
   */
  public static PrivateMachine start(Path folder) {
    List<String> command =
        List.of(
            "unshare",
            "--mount",
            "--net",
            "--pid",
            "--ipc",
            "--uts",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "/bin/sh",
            "-c",
            SETUP,
            "setup",
            folder.toString());
    try {
      Process outer = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader said = outer.inputReader(StandardCharsets.UTF_8);
      String line = said.readLine();
      if (!"ready".equals(line)) {
        outer.destroyForcibly();
        throw new IllegalStateException("no machine of its own: " + line);
      }
      long inner = outer.children().findFirst().orElseThrow().pid();
      return new PrivateMachine(outer, inner);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command in it, to its end. */
  public Command.Outcome run(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of("nsenter", "-t", Long.toString(inner), "-m", "-n", "-p", "-i", "-u", "--"));
    command.addAll(List.of(words));
    return Command.run(command, Duration.ofMinutes(3));
  }

  /** What a command in it prints; a failure is an exception. */
  public String output(String... words) {
    Command.Outcome outcome = run(words);
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException(
          "%s: exit code %d: %s"
              .formatted(String.join(" ", words), outcome.exitCode(), outcome.output()));
    }
    return outcome.output();
  }

  /** Where a path of the machine is for this process. */
  public Path place(String path) {
    return Path.of("/proc", Long.toString(inner), "root", path);
  }

  @Override
  public void close() {
    // The first process of a PID namespace takes all others with it.
    ProcessHandle.of(inner).ifPresent(ProcessHandle::destroyForcibly);
    Command.end(outer);
  }
}
