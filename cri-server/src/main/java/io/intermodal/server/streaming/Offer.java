package io.intermodal.server.streaming;

import io.intermodal.server.streaming.ports.PortsOffer;
import io.intermodal.server.streaming.process.ProcessOffer;

/** What waits behind a token. */
sealed interface Offer {
  /** The first part of its URL's path. */
  String name();

  /** A process. */
  record OfProcess(ProcessOffer process) implements Offer {
    @Override
    public String name() {
      return process.name();
    }
  }

  /** Ports of a pod. */
  record OfPorts(PortsOffer ports) implements Offer {
    static final String NAME = "portforward";

    @Override
    public String name() {
      return NAME;
    }
  }
}
