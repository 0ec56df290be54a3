package io.intermodal.tests.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A client's session with the ports of a pod. */
public interface PortSession extends AutoCloseable {

  /** A connection to a port. */
  interface Connection extends AutoCloseable {
    /** What the pod sends. */
    InputStream in();

    /** Sends to the pod. Closing it is a half-close where the protocol can tell. */
    OutputStream out();

    /** Waits for the connection's end and returns what went wrong; empty when nothing did. */
    String error() throws IOException;

    /** Gives the connection up. */
    @Override
    void close();
  }

  /** Connects to a port of the pod; whether there is a server shows later. */
  Connection connect(int port) throws IOException;

  /** Cuts all connections without a word. */
  void vanish();

  @Override
  void close();
}
