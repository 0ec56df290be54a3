package io.intermodal.tests.suite.streaming;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.PortSession;
import io.intermodal.tests.streaming.PortTransport;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.streaming.wire.UpgradeRefused;
import java.io.IOException;
import java.util.List;
import org.opentest4j.TestAbortedException;

/**
 * Opens sessions on a node. Ours offers every protocol; a test of one that another server does not
 * offer is skipped.
 */
record Sessions(Node node) {
  private static final int FORBIDDEN = 403;
  private static final int BAD_REQUEST = 400;

  private interface Opening<T> {
    T open() throws IOException;
  }

  CommandSession exec(Container container, Transport transport, Streams streams, String... words)
      throws IOException {
    return open(transport, container.execUrl(streams, List.of(words)), streams);
  }

  CommandSession exec(Container container, Transport transport, Streams streams, Script script)
      throws IOException {
    return exec(container, transport, streams, "/bin/sh", "-c", script.text());
  }

  CommandSession attach(Container container, Transport transport, Streams streams)
      throws IOException {
    return open(transport, container.attachUrl(streams), streams);
  }

  PortSession forward(Pod pod, PortTransport transport, Integer... ports) throws IOException {
    List<Integer> all = List.of(ports);
    String url = pod.portForwardUrl(all);
    return open(transport.name(), () -> transport.open(url, all));
  }

  CommandSession open(Transport transport, String url, Streams streams) throws IOException {
    return open(transport.protocol(), () -> transport.open(url, streams));
  }

  private <T> T open(String protocol, Opening<T> opening) throws IOException {
    try {
      return opening.open();
    } catch (UpgradeRefused e) {
      if (!node.ours() && (e.status() == FORBIDDEN || e.status() == BAD_REQUEST)) {
        throw new TestAbortedException("the server does not offer " + protocol, e);
      }
      throw e;
    }
  }

  /** Skips the test unless the server is ours. */
  void requireOurs(String promise) {
    if (!node.ours()) {
      throw new TestAbortedException("a promise of our server: " + promise);
    }
  }

  /** A shell script, told apart from a word. */
  record Script(String text) {}
}
