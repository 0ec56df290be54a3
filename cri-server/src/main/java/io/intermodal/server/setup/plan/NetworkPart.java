package io.intermodal.server.setup.plan;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.network.defaults.DefaultNetwork;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.change.WantedNode.AbsentFile;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.journal.Entry.ChangedFile;
import io.intermodal.server.setup.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The pods' network. Others that are there are used as they are, unless our own is asked for: then
 * they are moved aside, and put back when the node is taken down.
 */
final class NetworkPart {
  private static final Set<String> ENDINGS = Set.of(".conf", ".conflist", ".json");

  private final Path folder;
  private final boolean own;
  private final List<String> ranges;
  private final HostFiles files;
  private final Journal journal;
  private final DefaultNetwork network;

  /**
   * @param folder of network files
   * @param own whether others are moved aside
   * @param ranges of the pods' addresses; empty leaves them to us
   */
  NetworkPart(
      Path folder,
      boolean own,
      List<String> ranges,
      HostFiles files,
      Journal journal,
      DefaultNetwork network) {
    this.folder = folder;
    this.own = own;
    this.ranges = List.copyOf(ranges);
    this.files = files;
    this.journal = journal;
    this.network = network;
  }

  /** Returns the pods' ranges of addresses if the network is ours; nothing if it is another's. */
  List<String> into(WantedNode.Builder wanted) throws SetupException, IOException {
    List<Path> others = others();
    if (!own && !others.isEmpty()) {
      return List.of();
    }
    others.forEach(other ->
        wanted.absent(
            new AbsentFile(
                other, "pods must not get this network; it is put back by \"node down\"")));
    Path file = folder.resolve(DefaultNetwork.FILE);
    String content = content(file);
    wanted.file(new WantedFile(file, content, "pods need a network"));
    return rangesIn(file, content);
  }

  private static List<String> rangesIn(Path file, String conflist) throws SetupException {
    try {
      List<String> ranges = new ArrayList<>();
      for (JsonElement set :
          JsonParser.parseString(conflist)
              .getAsJsonObject()
              .getAsJsonArray("plugins")
              .get(0)
              .getAsJsonObject()
              .getAsJsonObject("ipam")
              .getAsJsonArray("ranges")) {
        for (JsonElement range : set.getAsJsonArray()) {
          ranges.add(range.getAsJsonObject().get("subnet").getAsString());
        }
      }
      return ranges;
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new SetupException(
          "%s is not as it was written by us: mend it, or remove it for a new one".formatted(file),
          e);
    }
  }

  /** Those that are there, or were until we moved them aside. */
  private List<Path> others() throws IOException {
    Stream<Path> moved =
        journal.entries().stream()
            .filter(ChangedFile.class::isInstance)
            .map(ChangedFile.class::cast)
            .filter(file -> file.written().isEmpty() && folder.equals(file.path().getParent()))
            .map(ChangedFile::path);
    List<Path> present = new ArrayList<>();
    for (String name : files.names(folder)) {
      if (ENDINGS.stream().anyMatch(name::endsWith) && !name.equals(DefaultNetwork.FILE)) {
        present.add(folder.resolve(name));
      }
    }
    return Stream.concat(present.stream(), own ? moved : Stream.empty()).distinct().toList();
  }

  private String content(Path file) throws SetupException, IOException {
    Optional<String> present = files.read(file);
    // Its range is in use now, by itself: another one would be found.
    if (present.isPresent() && ranges.isEmpty()) {
      return present.get();
    }
    try {
      return network.conflist(ranges) + "\n";
    } catch (CriException e) {
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
  }
}
