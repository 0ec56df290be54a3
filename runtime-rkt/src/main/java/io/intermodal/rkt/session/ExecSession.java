package io.intermodal.rkt.session;

import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.TerminalSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command that is run in a container for one client, which it does not outlive. A command that
 * cannot be run is no error: the exit code is 126 or 127, and why is in the errors.
 */
final class ExecSession implements Session {
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(1);
  private static final Duration RESIZING = Duration.ofSeconds(5);
  private static final Duration TERMINAL_WITHIN = Duration.ofSeconds(5);
  private static final String TERMINALS = "/dev/pts/";

  private final Index index;
  private final EnterProgram enter;
  private final String containerId;
  private final List<String> command;

  /** What became of the command. */
  sealed interface Outcome {
    /** It ended by itself. */
    record Exited(int code) implements Outcome {}

    /**
     * The client went away before.
     *
     * @param killed whether the command and all that it started are gone
     */
    record Abandoned(boolean killed) implements Outcome {}
  }

  ExecSession(Index index, EnterProgram enter, String containerId, List<String> command) {
    this.index = index;
    this.enter = enter;
    this.containerId = containerId;
    this.command = List.copyOf(command);
  }

  /** {@inheritDoc} */
  @Override
  public int attend(SessionStreams client) {
    return switch (run(client)) {
      case Outcome.Exited(int code) -> code;
      case Outcome.Abandoned _ -> -1;
    };
  }

  /**
   * Runs the command and waits for its end, or for the client's.
   *
   * @throws CriException NOT_FOUND or FAILED_PRECONDITION when the container is gone or does not
   *     run
   */
  Outcome run(SessionStreams client) {
    Container container =
        index.container(containerId).filter(Container::running).orElseThrow(this::notRunning);
    PodProcess pod =
        index
            .sandbox(container.sandboxId())
            .flatMap(Sandbox::process)
            .orElseThrow(this::notRunning);
    long main = pod.mainProcessOf(container.app()).orElseThrow(this::notRunning);
    try (ExecCgroup cgroup = ExecCgroup.in(pod.cgroupOf(container.app()))) {
      return run(client, main, cgroup);
    }
  }

  private Outcome run(SessionStreams client, long main, ExecCgroup cgroup) {
    boolean terminal = client.wanted().terminal();
    Process process =
        start(EnteredCommand.of(enter.path(), main, cgroup.processFiles(), command, terminal));
    AtomicBoolean gone = new AtomicBoolean();
    client.onGone(() -> {
      gone.set(true);
      Thread.ofVirtual().name("exec-kill").start(() -> kill(process, cgroup));
    });
    ProcessStreams streams = new ProcessStreams(process);
    streams.carry(client);
    if (terminal) {
      client.onResize(size -> resize(process, size));
    }
    try {
      int code = streams.await();
      return gone.get() ? new Outcome.Abandoned(kill(process, cgroup)) : new Outcome.Exited(code);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var _ = kill(process, cgroup);
      throw new CriException(Code.CANCELLED, "exec in container " + containerId, e);
    }
  }

  private Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CriException(
          Code.UNKNOWN,
          "exec in container %s cannot be started: %s".formatted(containerId, e.getMessage()),
          e);
    }
  }

  private static boolean kill(Process process, ExecCgroup cgroup) {
    boolean killed = cgroup.kill();
    try {
      // It ends when it has seen the end of the command.
      var _ = process.waitFor(SEEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ProgramRun.killTree(process.toHandle());
    return killed && cgroup.kill();
  }

  /** The terminal is that of whatever runs in it. */
  private static void resize(Process process, TerminalSize size) {
    if (size.width() < 1 || size.height() < 1) {
      return;
    }
    terminalOf(process)
        .ifPresent(path ->
            new ProgramRun(
                    "stty",
                    "-F",
                    path,
                    "cols",
                    Integer.toString(size.width()),
                    "rows",
                    Integer.toString(size.height()))
                .run(RESIZING));
  }

  private static Optional<String> terminalOf(Process process) {
    long deadline = System.nanoTime() + TERMINAL_WITHIN.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      Optional<String> found =
          process
              .descendants()
              .map(child -> Path.of("/proc/%d/fd/0".formatted(child.pid())))
              .map(ExecSession::target)
              .filter(path -> path.startsWith(TERMINALS))
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private CriException notRunning() {
    return CriException.failedPrecondition(
        "container %s is not running: nothing can be run in it".formatted(containerId));
  }
}
