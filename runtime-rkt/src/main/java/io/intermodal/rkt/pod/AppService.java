package io.intermodal.rkt.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an app's service in the pod's systemd has beside what rkt writes: settings for which rkt has
 * no flag, and another service, the carrier of its output, which is there before it and ends when
 * nobody needs it any more.
 *
 * @param settings lines of the section {@code [Service]}
 * @param carrier the unit of the carrier, whole
 */
public record AppService(List<String> settings, List<String> carrier) {
  /** The folder of the node that pods see, as they see it. */
  private static final String LOGS = "/rkt/kubernetes/log/";

  private static final String PROGRAM = "output";
  private static final String TERMINAL = "terminal";

  /**
   * One whose output is carried.
   *
   * @param recorded whether it is also recorded, in the file {@link #recordsOf}
   */
  public static AppService carried(
      String app, List<String> settings, Input input, boolean recorded) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "StandardInput=" + (input == Input.NONE ? "null" : "file:" + streams(app) + "/stdin"));
    lines.add("StandardOutput=file:" + streams(app) + "/stdout");
    lines.add("StandardError=file:" + streams(app) + "/stderr");
    lines.addAll(settings);
    return new AppService(lines, carrier(app, input.name().toLowerCase(Locale.ROOT), recorded));
  }

  /** The same for one with a terminal. */
  public static AppService withTerminal(String app, List<String> settings, boolean recorded) {
    List<String> lines = new ArrayList<>();
    lines.add("TTYPath=" + streams(app) + "/" + TERMINAL);
    lines.addAll(List.of("StandardInput=tty-force", "StandardOutput=tty", "StandardError=tty"));
    lines.addAll(settings);
    return new AppService(lines, carrier(app, TERMINAL, recorded));
  }

  private static List<String> carrier(String app, String input, boolean recorded) {
    return List.of(
        "[Unit]",
        "Description=Output of " + app,
        "DefaultDependencies=no",
        "StopWhenUnneeded=yes",
        "[Service]",
        "Type=forking",
        "ExecStart=%s %s %s %s"
            .formatted(
                LOGS + PROGRAM, streams(app), recorded ? LOGS + recordsOf(app) : "-", input));
  }

  /** The name of the program that carries, in the folder that pods see. */
  public static String program() {
    return PROGRAM;
  }

  /** The name of the file with what an app said, in the folder that pods see. */
  public static String recordsOf(String app) {
    return app + ".raw";
  }

  /** The folder of an app's pipes and sockets, as its pod sees it. */
  static String streams(String app) {
    return "/run/intermodal/" + app;
  }

  static String carrierOf(String app) {
    return "intermodal-" + app + ".service";
  }

  List<String> additions(String app) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "[Unit]", "Requires=" + carrierOf(app), "After=" + carrierOf(app), "[Service]"));
    lines.addAll(settings);
    return lines;
  }
}
