package io.intermodal.runtime.node;

import java.io.InputStream;
import java.util.Optional;

/**
 * The image that holds a pod's namespaces open.
 *
 * @param reference its name: {@code registry.k8s.io/pause:3.10}
 * @param builtIn the image itself, when it is the one that we bring along; otherwise it must be on
 *     the node or be pulled
 */
public record SandboxImage(String reference, Optional<Archive> builtIn) {

  /** An image that needs no registry. */
  @FunctionalInterface
  public interface Archive {
    /** A tar stream as {@code docker save} writes it, with the name in it. The reader closes it. */
    InputStream open();
  }
}
