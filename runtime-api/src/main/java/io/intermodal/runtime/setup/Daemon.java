package io.intermodal.runtime.setup;

import java.util.List;

/**
 * A daemon that must run.
 *
 * @param unit its systemd unit: {@code docker.service}
 * @param command how it is started without systemd, the program first, by its absolute path; it
 *     stays in the foreground and writes its log to its standard error
 */
public record Daemon(String unit, List<String> command) {
  public Daemon {
    command = List.copyOf(command);
  }
}
