package io.intermodal.rkt.index;

import io.intermodal.rkt.answer.AppAnswer;
import io.intermodal.rkt.command.PodSystemd;
import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.rkt.command.ProgramRun.Ended;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how an app ended. rkt notes the number of a signal as if it were an exit code; the
 * pod's own systemd knows which of the two it was, as long as the pod runs.
 */
final class EndReading {
  private static final Logger log = LoggerFactory.getLogger(EndReading.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LAST_SIGNAL = 64;
  private static final int SIGKILL = 9;

  /** {@code CLD_KILLED} and {@code CLD_DUMPED} of {@code waitid(2)}. */
  private static final List<String> BY_SIGNAL = List.of("2", "3");

  private EndReading() {}

  /**
   * Reads the end of an app that rkt says has exited.
   *
   * @param pod the pod's processes; empty when it has ended
   * @param limited whether the app's memory is limited, so that it may have met that limit
   */
  static AppEnd of(AppAnswer app, Optional<PodProcess> pod, boolean limited, long now) {
    long finishedAt = app.finishedAt() > 0 ? app.finishedAt() : now;
    if (app.exitCode().isEmpty()) {
      return AppEnd.killedWithPod(finishedAt);
    }
    int code = app.exitCode().getAsInt();
    if (code < 1 || code > LAST_SIGNAL) {
      // A shell ends so whose command was killed.
      return code == AppEnd.SIGNALLED + SIGKILL && limited && wasShortOfMemory(pod, app)
          ? AppEnd.outOfMemory(code, finishedAt)
          : AppEnd.exited(code, finishedAt);
    }
    if (pod.isEmpty()) {
      // Nobody knows any more; few programs end with 9 by themselves, and many are killed.
      return code == SIGKILL ? AppEnd.killedWithPod(finishedAt) : AppEnd.exited(code, finishedAt);
    }
    Map<String, String> service = service(pod.get(), app.name());
    if (!BY_SIGNAL.contains(service.getOrDefault("ExecMainCode", ""))) {
      return AppEnd.exited(code, finishedAt);
    }
    int signalled = AppEnd.SIGNALLED + code;
    boolean noMemory =
        service.getOrDefault("Result", "").equals("oom-kill")
            || (code == SIGKILL && limited && kernelKilled(pod.get().cgroupOf(app.name())));
    return noMemory
        ? AppEnd.outOfMemory(signalled, finishedAt)
        : AppEnd.exited(signalled, finishedAt);
  }

  private static boolean wasShortOfMemory(Optional<PodProcess> pod, AppAnswer app) {
    return pod.map(running -> kernelKilled(running.cgroupOf(app.name()))).orElse(false);
  }

  private static Map<String, String> service(PodProcess pod, String app) {
    Map<String, String> properties = new HashMap<>();
    try {
      Ended ended =
          PodSystemd.run(
              pod, PATIENCE, "show", app + ".service", "-p", "Result", "-p", "ExecMainCode");
      ended
          .output()
          .lines()
          .map(line -> line.split("=", 2))
          .filter(pair -> pair.length == 2)
          .forEach(pair -> properties.put(pair[0], pair[1]));
    } catch (CriException e) {
      log.warn("app {}: whether a signal ended it cannot be found out: {}", app, e.getMessage());
    }
    return properties;
  }

  /** The kernel writes a line with the cgroup of each process that it kills for want of memory. */
  private static boolean kernelKilled(String cgroup) {
    try {
      Ended ended = new ProgramRun("dmesg").run(PATIENCE);
      return ended.output().lines().anyMatch(line -> line.contains("memcg=/" + cgroup));
    } catch (CriException e) {
      log.warn("whether memory was wanting cannot be read: {}", e.getMessage());
      return false;
    }
  }
}
