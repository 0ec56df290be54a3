package io.intermodal.runtime.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Network namespaces for pods of an engine that makes none itself. They outlive this process and
 * everything that runs in them: whoever made one removes it.
 *
 * <p>A name is one path element that does not begin with a dot.
 */
public interface NetworkNamespaces {
  /**
   * Makes a namespace in which there is nothing but the loopback interface, and that is up.
   *
   * @return the path by which it is entered
   * @throws IOException when the name is taken or the host does not allow it
   */
  Path make(String name) throws IOException;

  /** The path of a namespace by its name, whether it exists or not. */
  Path path(String name);

  /**
   * Takes the path away; the namespace ends with the last process in it. Nothing happens for an
   * unknown name.
   */
  void remove(String name) throws IOException;

  /** All names, those of a former process and of half-done work too. */
  Set<String> names() throws IOException;
}
