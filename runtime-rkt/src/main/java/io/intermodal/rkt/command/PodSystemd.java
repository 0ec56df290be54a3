package io.intermodal.rkt.command;

import io.intermodal.rkt.command.ProgramRun.Ended;
import io.intermodal.rkt.pod.PodProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code systemctl} of the systemd inside a pod. */
public final class PodSystemd {
  private PodSystemd() {}

  /**
   * Runs it.
   *
   * @param arguments as {@code systemctl} takes them
   */
  public static Ended run(PodProcess pod, Duration limit, String... arguments) {
    List<String> line = new ArrayList<>(pod.host().inside());
    line.addAll(List.of(Long.toString(pod.init()), "--", "systemctl"));
    line.addAll(Arrays.asList(arguments));
    return new ProgramRun(line.toArray(String[]::new)).run(limit);
  }
}
