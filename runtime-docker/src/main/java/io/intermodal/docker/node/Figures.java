package io.intermodal.docker.node;

import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.EngineFigures;

/** What is counted of this Docker and of the way to it. */
public final class Figures {
  private final DockerApi docker;
  private final EngineState engine;
  private final Index index;
  private final ImageIndex images;

  public Figures(DockerApi docker, EngineState engine, Index index, ImageIndex images) {
    this.docker = docker;
    this.engine = engine;
    this.index = index;
    this.images = images;
  }

  /** The figures as they are now, from memory. */
  public EngineFigures now() {
    return new EngineFigures(
        engine.now().trouble().isEmpty(),
        engine.sinceLastEvent(),
        engine.disconnects(),
        engine.resyncs(),
        index.sandboxes().size(),
        index.containers().size(),
        images.images().size(),
        docker.counts().snapshot());
  }
}
