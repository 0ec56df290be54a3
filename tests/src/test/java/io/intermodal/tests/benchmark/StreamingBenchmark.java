package io.intermodal.tests.benchmark;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.PortSession;
import io.intermodal.tests.streaming.PortTransport;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.streaming.wire.UpgradeRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A gigabyte each way through each kind of session, with the growth of the server's memory beside
 * it.
 */
final class StreamingBenchmark {
  private static final int PIECE = 64 << 10;
  private static final int PIECES = 15_259;
  private static final long BYTES = (long) PIECE * PIECES;
  private static final int PORT = 7007;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final double MEGA = 1e6;

  private final Pod pod;
  private final Container container;
  private final Optional<HostProcess> server;

  private interface Work {
    void run() throws IOException;
  }

  private StreamingBenchmark(Cri cri, Optional<HostProcess> server) {
    this.pod = cri.runPod();
    this.container = pod.startIdle();
    this.server = server;
  }

  /** Prints a line for each kind of session. */
  static void run(Node node) throws IOException {
    System.out.printf("%.0f MB each%n", BYTES / MEGA);
    try (Cri cri = node.session()) {
      new StreamingBenchmark(cri, Benchmarks.server(node)).run();
    }
  }

  private void run() throws IOException {
    for (Transport transport :
        List.of(Transport.SPDY_V4, Transport.WEBSOCKET_V4, Transport.WEBSOCKET_V5)) {
      measure("out of exec", transport.name(), () -> out(transport));
    }
    for (Transport transport : List.of(Transport.SPDY_V4, Transport.WEBSOCKET_V5)) {
      measure("into exec", transport.name(), () -> in(transport));
    }
    for (PortTransport transport : List.of(PortTransport.SPDY, PortTransport.TUNNEL)) {
      Container source =
          pod.start("dd if=/dev/zero bs=%d count=%d | nc -l -p %d".formatted(PIECE, PIECES, PORT));
      Await.until(
          "the port is open",
          SOON,
          () ->
              source
                      .exec("grep -qi ':%04X .* 0A ' /proc/net/tcp /proc/net/tcp6".formatted(PORT))
                      .getExitCode()
                  == 0);
      measure("out of a port", transport.name(), () -> port(transport));
      source.stop(0);
    }
  }

  private void measure(String what, String transport, Work work) throws IOException {
    long before = server.map(StreamingBenchmark::forgetPeak).orElse(0L);
    long start = System.nanoTime();
    try {
      work.run();
    } catch (UpgradeRefused e) {
      System.out.printf("%-14s %-14s not offered: %s%n", what, transport, e.getMessage());
      return;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    String memory =
        server
            .map(process -> process.memory("VmHWM"))
            .map(peak ->
                "memory %.0f MB, %+.0f at its peak"
                    .formatted(before / MEGA, (peak - before) / MEGA))
            .orElse("memory unknown: no -Dcri.pid");
    System.out.printf(
        "%-14s %-14s %6.0f MB/s  %s%n", what, transport, BYTES / MEGA / seconds, memory);
  }

  /** Makes the peak what is used now, and returns that. */
  private static long forgetPeak(HostProcess process) {
    try {
      Files.writeString(Path.of("/proc", Long.toString(process.pid()), "clear_refs"), "5");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return process.memory("VmRSS");
  }

  private void out(Transport transport) throws IOException {
    List<String> command = List.of("dd", "if=/dev/zero", "bs=" + PIECE, "count=" + PIECES);
    Streams output = new Streams(false, true, false, false);
    try (CommandSession session = transport.open(container.execUrl(output, command), output)) {
      count(session.stdout());
    }
  }

  private void in(Transport transport) throws IOException {
    Streams input = new Streams(true, true, false, false);
    List<String> command = List.of("/bin/sh", "-c", "cat >/dev/null; echo all");
    try (CommandSession session = transport.open(container.execUrl(input, command), input)) {
      OutputStream stdin = session.stdin();
      byte[] piece = new byte[PIECE];
      for (int i = 0; i < PIECES; i++) {
        stdin.write(piece);
      }
      stdin.close();
      if (!session.finish().output().equals("all\n")) {
        throw new IOException("the command ended otherwise");
      }
    }
  }

  private void port(PortTransport transport) throws IOException {
    List<Integer> ports = List.of(PORT);
    try (PortSession session = transport.open(pod.portForwardUrl(ports), ports);
        PortSession.Connection connection = session.connect(PORT)) {
      count(connection.in());
    }
  }

  private static void count(InputStream in) throws IOException {
    byte[] piece = new byte[PIECE];
    long all = 0;
    while (all < BYTES) {
      int count = in.read(piece);
      if (count < 0) {
        throw new IOException("ended after " + all + " bytes");
      }
      all += count;
    }
  }
}
