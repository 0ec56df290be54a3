package io.intermodal.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.server.Client;
import io.intermodal.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process, with tracing and without. */
@Timeout(120)
@Tag("processes")
class TracedProgramTest {
  @TempDir Path folder;

  @Test
  void no_class_of_opentelemetry_is_loaded_while_tracing_is_off() throws Exception {
    assertThat(loaded(List.of("io.opentelemetry", "io.intermodal.server.tracing"))).isEmpty();
  }

  @Test
  void with_a_collector_it_is_loaded() throws Exception {
    try (SpanCollector collector = new SpanCollector()) {
      assertThat(
              loaded(
                  List.of("io.opentelemetry.sdk.trace"), "--tracing-endpoint=" + collector.url()))
          .isNotEmpty();
    }
  }

  @Test
  void a_stop_sends_what_has_not_been_sent_yet() throws Exception {
    try (SpanCollector collector = new SpanCollector();
        ServerProcess server =
            start(
                command(
                    "--tracing-endpoint=" + collector.url(),
                    "--tracing-sampling-rate-per-million=1000000"))) {
      server.awaitPrinted("serving scripted");
      callVersion();
      server.terminate();
      assertThat(server.awaitExit()).isZero();

      assertThat(collector.only().name()).isEqualTo("runtime.v1.RuntimeService/Version");
    }
  }

  @Test
  void without_a_collector_it_says_so_once_and_stops_in_time() throws Exception {
    try (ServerProcess server =
        start(
            command(
                "--tracing-endpoint=http://127.0.0.1:1",
                "--tracing-sampling-rate-per-million=1000000"))) {
      server.awaitPrinted("serving scripted");
      callVersion();
      server.awaitPrinted("does not take spans");
      callVersion();
      // The next ones are tried, and dropped, two seconds later.
      TimeUnit.SECONDS.sleep(3);
      callVersion();
      long start = System.nanoTime();
      server.terminate();
      assertThat(server.awaitExit()).isZero();

      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(3000);
      assertThat(warnings(server)).hasSize(1);
    }
  }

  private static List<String> warnings(ServerProcess server) throws IOException {
    return server
        .printed()
        .lines()
        .filter(line -> line.contains("level=warn") || line.contains("level=error"))
        .toList();
  }

  /** The classes of these packages that a server has loaded when it has answered and stopped. */
  private List<String> loaded(List<String> packages, String... arguments) throws Exception {
    Path classes = folder.resolve("classes");
    List<String> command = new ArrayList<>(command(arguments));
    command.add(1, "-Xlog:class+load:file=" + classes);
    try (ServerProcess server = start(command)) {
      server.awaitPrinted("serving scripted");
      callVersion();
      server.terminate();
      assertThat(server.awaitExit()).isZero();
    }
    try (Stream<String> lines = Files.lines(classes)) {
      return lines.filter(line -> packages.stream().anyMatch(line::contains)).toList();
    }
  }

  private void callVersion() {
    try (Client client = new Client(folder.resolve("cri.sock"))) {
      assertThat(client.runtime().version(VersionRequest.getDefaultInstance()).getRuntimeVersion())
          .isEqualTo("1");
    }
  }

  private ServerProcess start(List<String> command) throws IOException {
    return ServerProcess.start(folder.resolve("log"), command);
  }

  private List<String> command(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "serve",
                "--container-runtime=scripted",
                "--state-dir=" + folder.resolve("state"),
                "--cni-conf-dir=" + folder.resolve("no-networks"),
                "--listen=unix://" + folder.resolve("cri.sock")));
    arguments.addAll(List.of(more));
    return ServerProcess.command(arguments.toArray(String[]::new));
  }
}
