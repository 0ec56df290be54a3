package io.intermodal.tests.streaming.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A TCP connection. */
public final class SocketWire implements Wire {
  private static final int CONNECT_MILLIS = 10_000;

  /** Small, so that a client that does not read is soon felt by the server. */
  private static final int RECEIVE_BYTES = 128 << 10;

  private final Socket socket;
  private final InputStream in;
  private final Lock writing = new ReentrantLock();

  private SocketWire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
  }

  /** Connects to the host and port of a URL, whose host is an address. */
  public static SocketWire to(URI url) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(RECEIVE_BYTES);
    socket.setTcpNoDelay(true);
    InetAddress address = InetAddress.ofLiteral(url.getHost().replaceAll("[\\[\\]]", ""));
    socket.connect(new InetSocketAddress(address, url.getPort()), CONNECT_MILLIS);
    return new SocketWire(socket);
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    writing.lock();
    try {
      socket.getOutputStream().write(bytes);
    } finally {
      writing.unlock();
    }
  }

  /** Lets reads fail after so long; 0 is never. */
  void readLimit(int millis) throws SocketException {
    socket.setSoTimeout(millis);
  }

  @Override
  public void vanish() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
