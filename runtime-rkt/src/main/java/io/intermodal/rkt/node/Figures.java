package io.intermodal.rkt.node;

import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.image.ImageIndex;
import io.intermodal.rkt.index.EngineState;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.EngineFigures;
import java.util.Optional;

/** What is counted of rkt and of the calls to it. */
public final class Figures {
  private final Rkt rkt;
  private final EngineState engine;
  private final Index index;
  private final ImageIndex images;

  public Figures(Rkt rkt, EngineState engine, Index index, ImageIndex images) {
    this.rkt = rkt;
    this.engine = engine;
    this.index = index;
    this.images = images;
  }

  /** The figures as they are now, from memory. rkt tells of no events. */
  public EngineFigures now() {
    return new EngineFigures(
        engine.now().trouble().isEmpty(),
        Optional.empty(),
        engine.disconnects(),
        engine.resyncs(),
        index.sandboxes().size(),
        index.containers().size(),
        images.images().size(),
        rkt.counts());
  }
}
