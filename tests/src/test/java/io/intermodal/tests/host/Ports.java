package io.intermodal.tests.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** TCP and UDP as a neighbour of the pod sees them. */
public final class Ports {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A port of the host that nobody listens on, handed out once. */
  public static int free() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0)) {
        if (GIVEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Sends a line by TCP and returns what comes back until the line's end. */
  public static String echoTcp(String address, int port, String text) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(literal(address), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
      StringBuilder answer = new StringBuilder();
      int c;
      while ((c = socket.getInputStream().read()) >= 0 && c != '\n') {
        answer.append((char) c);
      }
      return answer.toString();
    }
  }

  /** Sends a datagram and returns the one that comes back. */
  public static String echoUdp(String address, int port, String text) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      socket.send(new DatagramPacket(bytes, bytes.length, literal(address), port));
      DatagramPacket answer = new DatagramPacket(new byte[65_536], 65_536);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    }
  }

  /** Whether a TCP connection is accepted. */
  public static boolean answersTcp(String address, int port) {
    try {
      return echoTcp(address, port, "anyone?").equals("anyone?");
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a datagram comes back. */
  public static boolean answersUdp(String address, int port) {
    try {
      return echoUdp(address, port, "anyone?").equals("anyone?");
    } catch (IOException e) {
      return false;
    }
  }

  private static InetAddress literal(String address) throws UnknownHostException {
    return InetAddress.ofLiteral(address);
  }
}
