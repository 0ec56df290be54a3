package io.intermodal.server.setup.service;

import io.intermodal.server.setup.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The services of a machine whose first process is systemd. */
public final class SystemdServices implements Services {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LINES = "15";

  private final Programs programs;

  public SystemdServices(Programs programs) {
    this.programs = programs;
  }

  /** Whether systemd is in charge here, as sd_booted(3) finds out. */
  public static boolean inCharge() {
    return Files.isDirectory(Path.of("/run/systemd/system"));
  }

  @Override
  public boolean running(Service service) throws IOException {
    return succeeds("is-active", service);
  }

  @Override
  public boolean enabled(Service service) throws IOException {
    return succeeds("is-enabled", service);
  }

  private boolean succeeds(String question, Service service) throws IOException {
    return programs
            .run(List.of("systemctl", "--quiet", question, unit(service)), "", PATIENCE)
            .code()
        == 0;
  }

  @Override
  public void start(Service service) throws IOException {
    unitsChanged();
    systemctl("enable", unit(service));
    systemctl("start", unit(service));
  }

  @Override
  public void restart(Service service) throws IOException {
    unitsChanged();
    systemctl("enable", unit(service));
    // A unit that has failed several times is not tried again for a while unless it is forgiven.
    systemctl("reset-failed", unit(service));
    systemctl("restart", unit(service));
  }

  @Override
  public void stop(Service service) throws IOException {
    // The socket's unit would start it again for the next who connects.
    String socket = unit(service).replace(".service", ".socket");
    boolean hasSocket =
        programs.run(List.of("systemctl", "--quiet", "cat", socket), "", PATIENCE).code() == 0;
    if (hasSocket) {
      systemctl("stop", socket);
    }
    // A unit whose file is gone already cannot be stopped, nor need be.
    if (running(service)) {
      systemctl("stop", unit(service));
    }
  }

  @Override
  public void disable(Service service) throws IOException {
    if (enabled(service)) {
      systemctl("disable", unit(service));
    }
  }

  @Override
  public void unitsChanged() throws IOException {
    programs.require(List.of("systemctl", "daemon-reload"), "", PATIENCE);
  }

  private void systemctl(String verb, String unit) throws IOException {
    programs.require(List.of("systemctl", "--quiet", verb, unit), "", PATIENCE);
  }

  @Override
  public String lastWords(Service service) {
    try {
      return programs
          .run(
              List.of("journalctl", "-u", unit(service), "-n", LINES, "-o", "cat", "--no-pager"),
              "",
              PATIENCE)
          .out()
          .strip();
    } catch (IOException e) {
      return "(its log cannot be read: %s)".formatted(e.getMessage());
    }
  }

  @Override
  public String spelled(String verb, Service service) {
    return "systemctl %s %s".formatted(verb, unit(service));
  }

  private static String unit(Service service) {
    return service.daemon().unit();
  }
}
