package io.intermodal.tests.suite.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/** Sessions of crictl itself, where it is installed. */
@EndToEnd
class CrictlIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path NO_INPUT = Path.of("/dev/null");
  private static final int PORT = 7007;

  private final Cri cri;
  private final Node node;
  private final Crictl crictl;

  CrictlIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
    this.crictl = Crictl.onPath(node.endpoint(), node.folder());
  }

  @ParameterizedTest
  @ValueSource(strings = {"spdy", "websocket"})
  void exec_prints_output_and_errors_and_names_the_exit_code(String transport) throws Exception {
    Container container = cri.runPod().startIdle();

    Crictl.Outcome outcome =
        run(
            NO_INPUT,
            crictl.words(
                "exec", "-r", transport, container.id(), "/bin/sh", "-c", "echo out; exit 3"));

    assertThat(outcome.text()).isEqualTo("out\n");
    assertThat(outcome.errors()).contains("exit code 3");
    assertThat(outcome.exitCode()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spdy", "websocket"})
  void exec_carries_10_mebibytes_in_and_out(String transport) throws Exception {
    Container container = cri.runPod().startIdle();
    byte[] sent = Payload.random(10 << 20);
    Path input = Files.write(Files.createTempFile(node.folder(), "crictl", ".in"), sent);

    Crictl.Outcome outcome =
        run(input, crictl.words("exec", "-i", "-r", transport, container.id(), "cat"));

    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
    try (InputStream received = Files.newInputStream(outcome.output())) {
      assertThat(Payload.sha256(received)).isEqualTo(Payload.sha256(sent));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spdy", "websocket"})
  void exec_with_a_terminal_tells_its_size(String transport) throws Exception {
    if (Command.run(List.of("script", "--version")).exitCode() != 0) {
      throw new TestAbortedException("no script(1) to make a terminal: apt-get install bsdutils");
    }
    Container container = cri.runPod().startIdle();
    String exec =
        String.join(" ", crictl.words("exec", "-it", "-r", transport, container.id()))
            + " /bin/sh -c \"until [ \\\"\\$(stty size)\\\" = '33 111' ]; do sleep 0.1; done;"
            + " echo sized\"";

    Crictl.Outcome outcome =
        run(NO_INPUT, List.of("script", "-qec", "stty rows 33 cols 111; " + exec, "/dev/null"));

    assertThat(outcome.text()).contains("sized");
    assertThat(outcome.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spdy", "websocket"})
  void attach_prints_what_the_container_answers(String transport) throws Exception {
    Container container =
        cri.runPod()
            .start("while read line; do echo got $line; done", config -> config.setStdin(true));
    Path output = Files.createTempFile(node.folder(), "crictl", ".out");
    Path errors = Files.createTempFile(node.folder(), "crictl", ".err");

    Process process =
        crictl.start(
            Redirect.PIPE,
            output,
            errors,
            crictl.words("attach", "-i", "-r", transport, container.id()));
    try {
      OutputStream stdin = process.getOutputStream();
      Await.until(
          "an answer",
          SOON,
          () -> {
            send(stdin, "hello\n");
            return Files.readString(output).contains("got hello\n") || !process.isAlive();
          });
      if (!process.isAlive()) {
        skipWhatOthersLack(Files.readString(errors));
      }
      assertThat(output).content().contains("got hello\n");
    } finally {
      Command.end(process);
    }
    assertThat(container.process().running()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spdy", "websocket"})
  void port_forward_leads_to_the_pods_loopback(String transport) throws Exception {
    Pod pod = cri.runPod();
    Container server = pod.start("exec echo-server " + PORT + " 127.0.0.1");
    Await.until(
        "the server listens",
        SOON,
        () -> server.exec("grep -qi ':%04X ' /proc/net/tcp".formatted(PORT)).getExitCode() == 0);
    Path output = Files.createTempFile(node.folder(), "crictl", ".out");
    Path errors = Files.createTempFile(node.folder(), "crictl", ".err");
    int port = Ports.free();

    Process process =
        crictl.start(
            Redirect.from(NO_INPUT.toFile()),
            output,
            errors,
            crictl.words("port-forward", "-r", transport, pod.id(), port + ":" + PORT));
    try {
      Await.until(
          "crictl listens",
          SOON,
          () -> Files.readString(output).contains("Forwarding from") || !process.isAlive());
      if (!process.isAlive()) {
        skipWhatOthersLack(Files.readString(errors));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(Ports.echoTcp("127.0.0.1", port, "hello " + i)).isEqualTo("hello " + i);
      }
    } finally {
      Command.end(process);
    }
  }

  private static void send(OutputStream stdin, String text) {
    try {
      stdin.write(text.getBytes(StandardCharsets.US_ASCII));
      stdin.flush();
    } catch (IOException e) {
      // It has ended, and says why.
    }
  }

  private Crictl.Outcome run(Path input, List<String> words)
      throws IOException, InterruptedException {
    Crictl.Outcome outcome = crictl.run(input, words);
    if (outcome.exitCode() != 0) {
      skipWhatOthersLack(outcome.errors() + outcome.text());
    }
    return outcome;
  }

  private void skipWhatOthersLack(String errors) {
    if (!node.ours() && errors.contains("unable to upgrade")) {
      throw new TestAbortedException("the server does not offer what crictl asks for");
    }
  }
}
