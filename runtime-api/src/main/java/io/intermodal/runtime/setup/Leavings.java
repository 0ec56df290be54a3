package io.intermodal.runtime.setup;

import java.nio.file.Path;
import java.util.List;

/**
 * What an engine leaves on a node after it has ended, to be taken away where it was not there
 * before.
 *
 * @param interfaces network interfaces: {@code docker0}
 * @param chains beginnings of the names of packet filter chains: {@code DOCKER}
 * @param paths files and folders that it makes and that are not there yet: {@code
 *     /etc/docker/key.json}
 */
public record Leavings(List<String> interfaces, List<String> chains, List<Path> paths) {
  /** An engine that leaves nothing. */
  public static final Leavings NONE = new Leavings(List.of(), List.of(), List.of());

  public Leavings {
    interfaces = List.copyOf(interfaces);
    chains = List.copyOf(chains);
    paths = List.copyOf(paths);
  }
}
