package io.intermodal.runtime.node;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.WantedStreams;
import java.util.List;
import java.util.function.Supplier;

/**
 * Serves sessions to clients over HTTP. Each method answers with an absolute URL that is good for
 * one client within a minute; without one the offer is forgotten.
 *
 * <p>Every method throws {@link CriException} RESOURCE_EXHAUSTED when a thousand clients are waited
 * for already.
 */
public interface StreamingServer {
  /** Offers a session with a command that is run for the client. */
  String exec(WantedStreams streams, Session session);

  /** Offers a session with a container's own process. */
  String attach(WantedStreams streams, Session session);

  /**
   * Offers connections to ports of a pod.
   *
   * @param pod how messages call it: {@code pod sandbox 1234}
   * @param ports those that may be asked for; empty for any
   * @param networkNamespace the path of the pod's namespace at this moment, asked for at each
   *     connection; throws {@link CriException} when the pod does not run any more
   */
  String portForward(String pod, List<Integer> ports, Supplier<String> networkNamespace);
}
