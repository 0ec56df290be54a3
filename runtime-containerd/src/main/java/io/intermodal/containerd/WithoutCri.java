package io.intermodal.containerd;

import io.intermodal.containerd.config.ContainerdConfig;
import io.intermodal.containerd.config.SwitchedOff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a containerd that answers serves no CRI, in a sentence that ends with the cure. */
record WithoutCri(ContainerdSocket socket, UsualPlaces places) {
  /**
   * @param process who listens; empty when the kernel does not tell
   */
  String why(Optional<ListeningProcess> process) {
    Optional<Path> named = process.flatMap(ListeningProcess::configuration);
    if (socket.isDockersOwn() || named.filter(this::isWrittenByDocker).isPresent()) {
      return ("%s is the containerd that dockerd runs for itself, without CRI: use"
              + " --container-runtime=docker, or a containerd of its own")
          .formatted(socket.endpoint());
    }
    Optional<String> stranger =
        process.flatMap(ListeningProcess::name).filter(name -> !name.startsWith("containerd"));
    if (stranger.isPresent()) {
      return ("%s is served by \"%s\", which is not containerd and serves no CRI: say where"
              + " containerd listens (--containerd-endpoint)")
          .formatted(socket.endpoint(), stranger.get());
    }
    return "containerd on %s serves no CRI: %s"
        .formatted(socket.endpoint(), reason(named.orElse(places.configuration())));
  }

  /** dockerd writes the file anew at each of its starts, beside the socket. */
  private boolean isWrittenByDocker(Path configuration) {
    return configuration.equals(socket.path().resolveSibling("containerd.toml"));
  }

  private static String reason(Path file) {
    List<SwitchedOff> lines;
    try {
      lines = ContainerdConfig.read(file).switchedOff();
    } catch (IOException e) {
      return ("why is not known, since its configuration cannot be read (%s): containerd's log"
              + " tells (journalctl -u containerd)")
          .formatted(e.getMessage());
    }
    if (lines.isEmpty()) {
      return ("%s, so its plugin failed to start: look for \"failed to load plugin\" in containerd's"
              + " log (journalctl -u containerd)")
          .formatted(
              Files.exists(file)
                  ? file + " does not switch it off"
                  : "there is no " + file + " to switch it off");
    }
    return "%s: take %s out of it and restart containerd"
        .formatted(
            lines.stream().map(SwitchedOff::quoted).collect(Collectors.joining(", and ")),
            lines.stream()
                .flatMap(line -> line.criPlugins().stream())
                .distinct()
                .map("\"%s\""::formatted)
                .collect(Collectors.joining(" and ")));
  }
}
