package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.LogFile;
import io.intermodal.tests.host.LogFile.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log files: each byte that a container wrote, once, in the CRI format. */
@EndToEnd({EngineKind.TRANSLATED, EngineKind.TRANSLATED_RKT})
class LogsIT {
  private static final int PART_BYTES = 16 * 1024;
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Cri cri;
  private final Node node;

  LogsIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void a_line_has_time_stream_tag_and_text() {
    Container container = node.ran(() -> cri.runPod().start("echo hello world"), "stdout");

    assertThat(container.log().content())
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{1,9}(Z|[+-]\\d\\d:\\d\\d)"
                + " stdout F hello world\n");
  }

  @Test
  void both_streams_are_there_and_each_is_in_order() {
    Container container =
        node.ran(
            () -> cri.runPod().start("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done"),
            "stdout",
            "stderr");

    assertThat(container.log().output("stdout"))
        .as(container.log().content())
        .isEqualTo("out 1\nout 2\nout 3\nout 4\nout 5\n");
    assertThat(container.log().output("stderr")).isEqualTo("err 1\nerr 2\nerr 3\nerr 4\nerr 5\n");
    // Two streams are two readers: between them no order of times is promised.
    for (String stream : List.of("stdout", "stderr")) {
      assertThat(container.log().lines())
          .filteredOn(line -> line.stream().equals(stream))
          .extracting(Line::time)
          .isSorted();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PART_BYTES - 1, PART_BYTES, 20 * 1024, 40 * 1024})
  void a_long_line_comes_in_parts(int length) {
    String script = "head -c %d /dev/zero | tr '\\0' x; echo; echo next".formatted(length);
    Container container = node.ran(() -> cri.runPod().start(script), "stdout");

    List<Line> lines = container.log().lines();

    assertThat(container.log().output("stdout")).isEqualTo("x".repeat(length) + "\nnext\n");
    assertThat(lines).allMatch(line -> line.text().length() <= PART_BYTES);
    assertThat(lines).filteredOn(Line::whole).hasSize(2);
    assertThat(lines.getLast().text()).isEqualTo("next");
  }

  @Test
  void empty_lines_are_lines() {
    Container container = node.ran(() -> cri.runPod().start("echo; echo a; echo; echo"), "stdout");

    assertThat(container.log().lines()).extracting(Line::text).containsExactly("", "a", "", "");
  }

  @Test
  void a_last_line_without_an_end_is_there() {
    Container container = node.ran(() -> cri.runPod().start("printf 'one\\ntwo'"), "stdout");

    assertThat(container.log().lines()).extracting(Line::text).containsExactly("one", "two");
  }

  @Test
  void a_container_that_prints_nothing_has_an_empty_log() {
    Container container = cri.runPod().start("exit 0");
    container.awaitExit();

    assertThat(container.logPath()).exists().isEmptyFile();
  }

  @Test
  void the_logs_folder_is_made() {
    Container container =
        node.ran(
            () -> cri.runPod().start("echo x", config -> config.setLogPath("deep/er/0.log")),
            "stdout");

    assertThat(container.log().output("stdout")).isEqualTo("x\n");
  }

  @Test
  void bytes_pass_as_they_are() throws IOException {
    Container container =
        node.ran(() -> cri.runPod().start("printf 'gr\\303\\274n \\377\\001\\n'"), "stdout");

    byte[] bytes = Files.readAllBytes(container.logPath());

    assertThat(bytes).containsSubsequence('g', 'r', 0xc3, 0xbc, 'n', ' ', 0xff, 0x01, '\n');
  }

  @Test
  void the_log_is_complete_when_the_status_says_exited() {
    Pod pod = cri.runPod();
    for (int i = 0; i < 5; i++) {
      Container container = node.ran(() -> pod.start("seq 1 2000"), "stdout");
      assertThat(container.log().lines()).hasSize(2000);
    }
  }

  @Test
  void a_hundred_thousand_fast_lines_are_all_there_once() {
    Container container = cri.runPod().start("seq 1 100000");
    container.awaitExit();

    assertThat(container.log().lines()).extracting(Line::text).isEqualTo(numbers(100_000));
  }

  @Test
  void a_terminals_output_is_in_the_log_as_stdout() {
    Container container =
        node.ran(
            () -> cri.runPod().start("echo out; echo err >&2", config -> config.setTty(true)),
            "stdout");

    assertThat(container.log().lines()).extracting(Line::stream).containsOnly("stdout");
    assertThat(container.log().lines())
        .extracting(line -> line.text().stripTrailing())
        .containsExactly("out", "err");
  }

  @Test
  void no_line_is_lost_or_doubled_when_the_log_is_rotated_under_load() throws Exception {
    int count = 60_000;
    Container container =
        cri.runPod()
            .start("i=0; while [ $i -lt %d ]; do i=$((i+1)); echo $i; done".formatted(count));
    List<Path> rotated = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      Await.until("some lines were written", SOON, () -> Files.size(container.logPath()) > 10_000);
      Path old = container.logPath().resolveSibling("0.log." + i);
      Files.move(container.logPath(), old);
      container.reopenLog();
      rotated.add(old);
      assertThat(container.logPath()).exists();
    }
    container.awaitExit();
    rotated.add(container.logPath());

    List<String> all = new ArrayList<>();
    for (Path file : rotated) {
      new LogFile(file).lines().forEach(line -> all.add(line.text()));
    }
    assertThat(all).isEqualTo(numbers(count));
  }

  @Test
  void reopening_makes_the_file_anew() throws IOException {
    Container container =
        cri.runPod()
            .start("echo before; while [ ! -e /go ]; do sleep 0.05; done; sleep 1; echo after");
    Await.until("the first line", SOON, () -> container.log().content().contains("before"));
    Files.delete(container.logPath());

    container.reopenLog();
    assertThat(container.exec("touch /go").getExitCode()).isZero();
    container.awaitExit();

    assertThat(container.log().output("stdout")).isEqualTo("after\n");
  }

  private static List<String> numbers(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
  }
}
