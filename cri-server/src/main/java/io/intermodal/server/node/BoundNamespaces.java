package io.intermodal.server.node;

import io.intermodal.runtime.node.NetworkNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Network namespaces as {@code ip netns} keeps them: each bound to a file, below {@code /run/netns}
 * usually, so that {@code ip netns exec} finds them too.
 */
public final class BoundNamespaces implements NetworkNamespaces {
  private final Path folder;
  private final String prefix;

  /**
   * @param folder made when first needed
   * @param prefix before the names of the files: others keep theirs in the same folder
   */
  public BoundNamespaces(Path folder, String prefix) {
    this.folder = folder;
    this.prefix = prefix;
  }

  @Override
  public Path make(String name) throws IOException {
    Path file = path(name);
    Files.createDirectories(folder);
    Files.createFile(file);
    try {
      NamespaceCalls.bindNew(file);
      return file;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public Path path(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("\"" + name + "\" cannot name a network namespace");
    }
    return folder.resolve(prefix + name);
  }

  @Override
  public void remove(String name) throws IOException {
    Path file = path(name);
    if (Files.exists(file)) {
      NamespaceCalls.unbind(file);
      Files.deleteIfExists(file);
    }
  }

  @Override
  public Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()))
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    }
  }
}
