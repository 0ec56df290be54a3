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
 * @param carrier the unit of the carrier, whole; empty when there is none
 */
public record AppService(List<String> settings, List<String> carrier) {
  /** The folder of the node that pods see, as they see it. */
  private static final String LOGS = "/rkt/kubernetes/log/";

  private static final String PROGRAM = "output";

  /**
   * One whose output is carried.
   *
   * @param recorded whether it is also recorded, in the file {@link #recordsOf}
   */
  public static AppService carried(
      String app, List<String> settings, Input input, boolean recorded) {
    List<String> streams = new ArrayList<>();
    streams.add(
        "StandardInput=" + (input == Input.NONE ? "null" : "file:" + streams(app) + "/stdin"));
    streams.add("StandardOutput=file:" + streams(app) + "/stdout");
    streams.add("StandardError=file:" + streams(app) + "/stderr");
    streams.addAll(settings);
    return new AppService(
        streams,
        List.of(
            "[Unit]",
            "Description=Output of " + app,
            "DefaultDependencies=no",
            "StopWhenUnneeded=yes",
            "[Service]",
            "Type=forking",
            "ExecStart=%s %s %s %s"
                .formatted(
                    LOGS + PROGRAM,
                    streams(app),
                    recorded ? LOGS + recordsOf(app) : "-",
                    input.name().toLowerCase(Locale.ROOT))));
  }

  /** One with a terminal, which rkt carries. */
  public static AppService withTerminal(List<String> settings) {
    return new AppService(settings, List.of());
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
    List<String> lines = new ArrayList<>();
    if (!carrier.isEmpty()) {
      lines.addAll(List.of("[Unit]", "Requires=" + carrierOf(app), "After=" + carrierOf(app)));
    }
    lines.add("[Service]");
    lines.addAll(settings);
    return lines;
  }
}
