package io.intermodal.server.pause;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PauseProgramTest {
  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void unpack() throws IOException {
    Path program = Files.write(folder.resolve("pause"), PauseProgram.load().elf().toByteArray());
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void pause_stays_until_it_is_told_to_end_and_then_ends_with_0(String signal) throws Exception {
    Process pause = start("./pause");
    awaitSignalsBlocked(pause);

    assertThat(pause.isAlive()).isTrue();
    run("sh", "-c", "kill -%s %d".formatted(signal, pause.pid()));

    assertThat(pause.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(pause.exitValue()).isZero();
  }

  /** A shell starts a child and then becomes the program: the child's end is the program's duty. */
  @Test
  void a_child_that_ends_does_not_stay_a_zombie() throws Exception {
    Process parent = start("sh", "-c", "sleep 60 & echo $!; exec ./pause");
    long child = Long.parseLong(firstLine(parent));
    awaitSignalsBlocked(parent);
    assertThat(parent.isAlive()).isTrue();

    run("sh", "-c", "kill -KILL " + child);

    awaitTrue("child " + child + " is buried", () -> !Files.exists(Path.of("/proc/" + child)));
    assertThat(parent.isAlive()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void hello_prints_a_line_and_sends_it_to_every_caller_of_its_port(String address)
      throws Exception {
    int port = freePort();
    Process hello = start("./pause", "hello", Integer.toString(port));

    String printed = firstLine(hello);

    assertThat(printed).startsWith("hello from intermodal");
    for (int caller = 0; caller < 3; caller++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), 5_000);
        socket.setSoTimeout(5_000);
        assertThat(socket.getInputStream().readAllBytes())
            .asString(StandardCharsets.UTF_8)
            .isEqualTo(printed + "\n");
      }
    }
    hello.destroy();
    assertThat(hello.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(hello.exitValue()).isZero();
  }

  @Test
  void hello_says_so_when_its_port_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Process hello = start("./pause", "hello", Integer.toString(taken.getLocalPort()));

      assertThat(hello.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(hello.exitValue()).isEqualTo(1);
      assertThat(errorsOf(hello)).isEqualTo("pause: the port cannot be listened on\n");
    }
  }

  @Test
  void say_prints_its_words_and_ends() throws Exception {
    Process say = start("./pause", "say", "two", "words");

    assertThat(firstLine(say)).isEqualTo("two words");
    assertThat(say.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(say.exitValue()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "hello 0",
        "hello 65536",
        "hello 99999999999",
        "hello http",
        "hello 80 81"
      })
  void what_it_does_not_understand_ends_with_2_and_a_reason(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./pause"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process = start(command.toArray(String[]::new));

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(errorsOf(process)).startsWith("pause: ");
  }

  private Process start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
    started.add(process);
    return process;
  }

  private void run(String... command) throws Exception {
    Process process = start(command);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> String.join(" ", command)).isZero();
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = reader.readLine();
    assertThat(line).as("first line of output").isNotNull();
    return line;
  }

  private static String errorsOf(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** From then on a signal waits for the program and does not kill it. */
  private static void awaitSignalsBlocked(Process process) throws Exception {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    Path program = Path.of("/proc/" + process.pid() + "/exe");
    awaitTrue(
        "pause blocks its signals",
        () ->
            Files.readSymbolicLink(program).endsWith("pause")
                && Files.readAllLines(status).stream()
                    .anyMatch(line -> line.startsWith("SigBlk:") && !line.matches(".*\\s0+")));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void awaitTrue(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
