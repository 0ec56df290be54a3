package io.intermodal.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
  @TempDir private Path folder;
  private ProcessRuntime runtime;
  private Path demoFolder;
  private int port;

  @BeforeEach
  void serve() throws IOException {
    runtime = new ProcessRuntime(folder);
    demoFolder = folder.resolve("demo");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void end() {
    runtime.close();
  }

  @Test
  void all_steps_go_well_and_nothing_is_left() throws Exception {
    Outcome outcome = demo(Optional.empty(), Duration.ofSeconds(30));

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.well()).isTrue();
    assertThat(outcome.out())
        .contains("processes 1.0")
        .contains("127.0.0.1 port " + port + " says the same")
        .contains("\"words from inside\"");
    assertThat(outcome.lastLine()).matches("pod 127\\.0\\.0\\.1 answered; all 10 steps in \\d+ ms");
    assertThatNothingIsLeft();
  }

  @Test
  void a_named_image_is_pulled_and_runs_the_program_that_is_mounted_into_it() throws Exception {
    Outcome outcome = demo(Optional.of("example.org/empty:1"), Duration.ofSeconds(30));

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.well()).isTrue();
    assertThat(outcome.out()).contains("example.org/empty:1, pulled");
    assertThatNothingIsLeft();
  }

  @Test
  void a_named_image_that_is_there_is_not_pulled() throws Exception {
    runtime.images.add("example.org/empty:1");

    Outcome outcome = demo(Optional.of("example.org/empty:1"), Duration.ofSeconds(30));

    assertThat(outcome.well()).isTrue();
    assertThat(runtime.calls).doesNotContain("PullImage");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RunPodSandbox",
        "ImageStatus",
        "CreateContainer",
        "StartContainer",
        "PodSandboxStatus",
        "ExecSync",
        "StopContainer",
        "RemoveContainer"
      })
  void a_call_that_fails_ends_the_demo_with_its_words_and_everything_is_removed(String rpc)
      throws Exception {
    runtime.failures.put(rpc, Status.UNKNOWN.withDescription("the engine is out of luck"));

    Outcome outcome = demo(Optional.empty(), Duration.ofSeconds(30));

    assertThat(outcome.well()).isFalse();
    assertThat(outcome.out()).contains("FAILED");
    assertThat(outcome.err()).contains(rpc + ": UNKNOWN: the engine is out of luck");
    assertThatNothingIsLeft();
  }

  @Test
  void a_cleaning_up_that_fails_says_how_to_find_what_is_left() throws Exception {
    runtime.failures.put("RemovePodSandbox", Status.UNAVAILABLE.withDescription("gone away"));

    Outcome outcome = demo(Optional.empty(), Duration.ofSeconds(30));

    assertThat(outcome.well()).isFalse();
    assertThat(outcome.err()).contains("the demo failed at removal");
    runtime.pods.values().forEach(pod -> assertThat(pod.getLabelsMap()).isNotEmpty());
  }

  @Test
  void a_log_without_a_line_fails_when_the_time_is_over() throws Exception {
    runtime.printsNothing = true;

    Outcome outcome = demo(Optional.empty(), Duration.ofSeconds(1));

    assertThat(outcome.well()).isFalse();
    assertThat(outcome.err()).contains("the demo failed at log: no line came into");
    assertThatNothingIsLeft();
  }

  @Test
  void a_server_without_the_built_in_image_is_told_apart() throws Exception {
    runtime.images.clear();

    Outcome outcome = demo(Optional.empty(), Duration.ofSeconds(30));

    assertThat(outcome.well()).isFalse();
    assertThat(outcome.err()).contains("--image").contains("--pause-image");
    assertThatNothingIsLeft();
  }

  @Test
  void a_condition_that_is_false_is_told_with_its_reason_and_nothing_is_made() {
    runtime.networkReady = false;

    Outcome outcome = demo(Optional.empty(), Duration.ofSeconds(30));

    assertThat(outcome.well()).isFalse();
    assertThat(outcome.err())
        .isEqualTo(
            "the demo failed at runtime: NetworkReady is false: NetworkPluginNotReady:"
                + " /etc/cni/net.d is empty\n");
    assertThat(runtime.calls).doesNotContain("RunPodSandbox");
  }

  @Test
  void a_socket_on_which_nobody_answers_is_told_with_the_cure() {
    runtime.close();

    Outcome outcome = demo(Optional.empty(), Duration.ofSeconds(30));

    assertThat(outcome.well()).isFalse();
    assertThat(outcome.err())
        .contains("nobody answers on unix://" + runtime.socket())
        .contains("bin/start");
  }

  private record Outcome(boolean well, String out, String err) {
    String lastLine() {
      return out.lines().reduce("", (_, last) -> last);
    }
  }

  private Outcome demo(Optional<String> image, Duration timeout) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Demo demo =
        new Demo(
            new DemoOptions(runtime.socket(), image, port, Duration.ZERO, timeout, demoFolder),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    boolean well = demo.run();
    return new Outcome(
        well, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private void assertThatNothingIsLeft() throws IOException {
    assertThat(runtime.pods).isEmpty();
    assertThat(runtime.runs()).isFalse();
    if (Files.exists(demoFolder)) {
      try (Stream<Path> left = Files.list(demoFolder)) {
        assertThat(left).isEmpty();
      }
    }
  }
}
