package io.intermodal.server.streaming.ports;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A pod whose ports wait for a client.
 *
 * @param pod how messages call it
 * @param ports those that may be asked for, in the order of the request; empty for any
 * @param networkNamespace the path of the pod's namespace at this moment; throws {@link
 *     io.intermodal.runtime.CriException} when the pod does not run any more
 */
public record PortsOffer(String pod, List<Integer> ports, Supplier<String> networkNamespace) {
  private static final int HIGHEST = 65_535;

  public PortsOffer {
    ports = List.copyOf(ports);
  }

  /** The port that a client's text names; empty when it is none, or none of these. */
  Optional<Integer> port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    boolean offered = ports.isEmpty() || ports.contains(port);
    return port >= 1 && port <= HIGHEST && offered ? Optional.of(port) : Optional.empty();
  }
}
