package io.intermodal.runtime;

import io.intermodal.runtime.images.ImageArchives;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.setup.NodeSetup;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A container engine that can serve CRI. One per module, found by {@link java.util.ServiceLoader}.
 *
 * <p>Implementations are stateless: everything that lives with an engine belongs to its {@link
 * EngineConnection}.
 */
public interface ContainerEngine {
  /** The value of {@code --container-runtime}: "docker", "containerd", "cri-o" or "rkt". */
  String name();

  /**
   * Finds out whether the engine is installed and answers. Never throws; returns within a second.
   *
   * @param sockets asks a socket for CRI, for engines that speak it
   */
  Probe probe(EngineConfig config, CriSockets sockets);

  /**
   * Connects to the engine. The engine need not be up: a connection waits for it, reports it as not
   * ready meanwhile and finds it again by itself.
   *
   * @param node makes what the node lends to this engine when it is first asked; an engine that
   *     speaks CRI itself needs none of it
   * @throws CriException {@link CriException.Code#UNIMPLEMENTED} when this build cannot serve the
   *     engine, {@link CriException.Code#INVALID_ARGUMENT} when the configuration cannot be meant
   */
  EngineConnection connect(EngineConfig config, Supplier<NodeServices> node);

  /**
   * How a node is set up for the engine.
   *
   * @throws CriException {@link CriException.Code#UNIMPLEMENTED} when this build cannot do that
   */
  default NodeSetup nodeSetup() {
    throw CriException.unimplemented(
        "this build cannot set a node up for %s: install and start it by hand".formatted(name()));
  }

  /**
   * The engine's images as archives. The engine is asked when something is loaded or saved.
   *
   * @param workFolder for what must be a file on its way; empty again after each call
   * @throws CriException {@link CriException.Code#UNIMPLEMENTED} when there is no way on this node,
   *     with the cure, {@link CriException.Code#INVALID_ARGUMENT} when the configuration cannot be
   *     meant
   */
  default ImageArchives imageArchives(EngineConfig config, Path workFolder) {
    throw CriException.unimplemented(
        "this build loads no image archives into %s and saves none from it: put the images into a registry and pull them"
            .formatted(name()));
  }
}
