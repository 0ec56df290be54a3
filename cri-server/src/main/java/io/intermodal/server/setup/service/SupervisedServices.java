package io.intermodal.server.setup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The services of a machine without systemd: each has a shell that starts it again when it ends,
 * and a log. The shell outlives us; a file says which process it is, by its number and the moment
 * of its start, since numbers come again.
 */
public final class SupervisedServices implements Services {
  private static final Duration UNTIL_KILLED = Duration.ofSeconds(45);
  private static final Duration AFTER_KILL = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final Duration NOTE_LOOKS = Duration.ofMillis(5);
  private static final long LARGEST_LOG = 16 << 20;
  private static final int LAST_LINES = 15;
  private static final int LAST_BYTES = 16 << 10;

  /** The field of {@code /proc/PID/stat} with the moment of the start, counted after the name. */
  private static final int START_FIELD = 19;

  /** A daemon that ends at once is started once a second, not in a loop. */
  private static final String SUPERVISOR =
      """
      #!/bin/sh
      # Keeps a daemon running until it is told to stop (SIGTERM): supervise NOTE COMMAND...
      # The note says which process this is. It is written here, so that there is no moment in
      # which this runs and nobody could know.
      read -r stat <"/proc/$$/stat"
      set -f
      # shellcheck disable=SC2086
      start=$(set -- ${stat##*) } && shift 19 && echo "$1")
      set +f
      echo "$$ $start" >"$1.new" && mv "$1.new" "$1"
      shift
      stopped=
      child=
      trap 'stopped=1; [ -z "$child" ] || kill "$child" 2>/dev/null' TERM INT
      while [ -z "$stopped" ]; do
        "$@" &
        child=$!
        wait "$child"
        [ -n "$stopped" ] || sleep 1
      done
      # The wait above ends with the signal, not with the daemon.
      wait "$child"
      """;

  private final Path processes;
  private final Path folder;
  private final Path logs;

  /**
   * @param folder where it is written which processes they are; gone after a start of the machine
   * @param logs where their logs are
   */
  public SupervisedServices(Path folder, Path logs) {
    this.processes = Path.of("/proc");
    this.folder = folder;
    this.logs = logs;
  }

  @Override
  public boolean running(Service service) throws IOException {
    return supervisor(service).isPresent();
  }

  /** Nothing starts it with the machine: who starts the machine calls {@code node up} again. */
  @Override
  public boolean enabled(Service service) {
    return false;
  }

  @Override
  public void start(Service service) throws IOException {
    if (supervisor(service).isPresent()) {
      return;
    }
    Files.createDirectories(folder);
    Files.createDirectories(logs);
    Path log = log(service);
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    Path supervisor = folder.resolve("supervise");
    Files.writeString(supervisor, SUPERVISOR);
    List<String> command =
        new ArrayList<>(
            List.of("setsid", "/bin/sh", supervisor.toString(), note(service).toString()));
    command.addAll(service.daemon().command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true)
            .directory(Path.of("/").toFile());
    builder
        .environment()
        .merge("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", (path, folders) -> path + ":" + folders);
    Process shell = builder.start();
    try {
      while (supervisor(service).isEmpty()) {
        if (shell.waitFor(NOTE_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(
              "the shell that keeps %s running ended with %d; its log is %s"
                  .formatted(service.name(), shell.exitValue(), log));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + service.name() + " was started", e);
    }
  }

  @Override
  public void restart(Service service) throws IOException {
    stop(service);
    start(service);
  }

  @Override
  public void stop(Service service) throws IOException {
    Optional<ProcessHandle> supervisor = supervisor(service);
    if (supervisor.isPresent()) {
      List<ProcessHandle> all = new ArrayList<>(supervisor.get().descendants().toList());
      all.add(supervisor.get());
      supervisor.get().destroy();
      if (!ended(all, UNTIL_KILLED)) {
        all.forEach(ProcessHandle::destroyForcibly);
        if (!ended(all, AFTER_KILL)) {
          throw new IOException(
              "%s (pid %d) does not end, not even when it is killed: look at its state in /proc/%2$d/stack"
                  .formatted(service.name(), supervisor.get().pid()));
        }
      }
    }
    Files.deleteIfExists(note(service));
  }

  /**
   * Whether they all end in time. One that has ended is there until its parent has taken notice,
   * which on a machine without a proper first process is never: it counts as ended.
   */
  private boolean ended(List<ProcessHandle> ending, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (ending.stream().anyMatch(process -> startOf(process.pid()).isPresent())) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a daemon ended", e);
      }
    }
    return true;
  }

  @Override
  public void disable(Service service) {
    // Nothing starts it with the machine.
  }

  @Override
  public void unitsChanged() {
    // There are none.
  }

  @Override
  public String lastWords(Service service) {
    Path log = log(service);
    try (var channel = Files.newByteChannel(log)) {
      channel.position(Math.max(0, channel.size() - LAST_BYTES));
      String end =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      List<String> lines = end.strip().lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (NoSuchFileException none) {
      return "";
    } catch (IOException e) {
      return "(its log %s cannot be read: %s)".formatted(log, e.getMessage());
    }
  }

  @Override
  public String spelled(String verb, Service service) {
    return "%s %s".formatted(verb, String.join(" ", service.daemon().command()));
  }

  /** The shell that keeps it running; empty when it has ended, or its number is another's now. */
  private Optional<ProcessHandle> supervisor(Service service) throws IOException {
    String[] noted;
    try {
      noted = Files.readString(note(service)).strip().split(" ", -1);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    if (noted.length != 2 || !noted[0].matches("\\d{1,10}")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(noted[0]);
    return startOf(pid).filter(noted[1]::equals).flatMap(_ -> ProcessHandle.of(pid));
  }

  /** When a process was started, in the kernel's own count; empty when there is none. */
  private Optional<String> startOf(long pid) {
    try (Stream<String> lines = Files.lines(processes.resolve(pid + "/stat"))) {
      return lines
          .findFirst()
          .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1))
          .filter(fields -> !fields[0].equals("Z") && fields.length > START_FIELD)
          .map(fields -> fields[START_FIELD]);
    } catch (IOException | UncheckedIOException gone) {
      return Optional.empty();
    }
  }

  private Path note(Service service) {
    return folder.resolve(service.name() + ".pid");
  }

  private Path log(Service service) {
    return logs.resolve(service.name() + ".log");
  }
}
