package io.intermodal.server.network;

import io.intermodal.server.network.cni.PluginDirectories;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the network's files are, and how long plugins may take.
 *
 * @param configDirectory folder of network files; the first valid one in name order is used
 * @param plugins folders of the plugins' programs
 * @param foreignCaches folders in which other runtimes on the node cache CNI results: pods taken
 *     over from them are disconnected with what is written there
 * @param addTimeout for the ADD of a whole chain
 * @param delTimeout for the DEL of a whole chain; the undoing of a failed ADD has this time of its
 *     own
 * @param probeTimeout for one VERSION, and for the STATUS of a chain
 * @param refresh how often the folder is looked at; STATUS is asked every third time
 */
public record NetworkSettings(
    Path configDirectory,
    PluginDirectories plugins,
    List<Path> foreignCaches,
    Duration addTimeout,
    Duration delTimeout,
    Duration probeTimeout,
    Duration refresh) {

  /** Where libcni caches results by default, and where cri-dockerd lets it. */
  public static final List<Path> LIBCNI_CACHES =
      List.of(Path.of("/var/lib/cni/cache/results"), Path.of("/var/lib/cni/results"));

  public NetworkSettings {
    foreignCaches = List.copyOf(foreignCaches);
  }

  /** The usual times, and the caches of libcni. */
  public static NetworkSettings of(Path configDirectory, PluginDirectories plugins) {
    return new NetworkSettings(
        configDirectory,
        plugins,
        LIBCNI_CACHES,
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1));
  }
}
