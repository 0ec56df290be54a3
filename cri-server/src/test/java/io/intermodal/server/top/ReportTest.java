package io.intermodal.server.top;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.server.command.CommandLineProgram;
import io.intermodal.server.grpc.ServedScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void where_there_is_no_terminal_tables_follow_each_other_as_plain_text() throws IOException {
    assertThat(top(true, "-d", "0.1", "-n", "2")).isZero();

    assertThat(printed(out))
        .doesNotContain("\033")
        .containsPattern("(?m)^NAMESPACE/POD, CONTAINER +CPU +MEMORY +LIMIT +RX/s +TX/s")
        .containsPattern(
            "(?m)^default/busy +250m +2\\.0MiB +- +2\\.0KiB +0B +2 +1\\.0KiB\n"
                + "  main-1 +250m +1\\.0MiB +64\\.0MiB +- +- +- +1\\.0KiB$");
    assertThat(printed(out).split("\n\n")).hasSize(2);
    assertThat(printed(err)).isEmpty();
  }

  @Test
  void json_is_one_object_with_what_is_known() throws IOException {
    assertThat(top(false, "-d", "0.1", "-o", "json", "--namespace", "default")).isZero();

    JsonObject pod =
        JsonParser.parseString(printed(out))
            .getAsJsonObject()
            .getAsJsonArray("pods")
            .get(0)
            .getAsJsonObject();
    assertThat(pod.get("name").getAsString()).isEqualTo("busy");
    assertThat(pod.get("cpuCores").getAsDouble()).isEqualTo(0.25);
    assertThat(pod.has("networkReceiveBytesPerSecond")).isFalse();
    assertThat(pod.getAsJsonArray("containers")).hasSize(1);
  }

  @Test
  void a_server_that_is_not_there_ends_it_with_a_line_that_says_so() {
    assertThat(run(List.of("top", "-r", "unix://" + folder.resolve("none"), "-n", "1")))
        .isEqualTo(1);

    assertThat(printed(err)).startsWith("intermodal top: nobody answers on unix://");
    assertThat(printed(out)).isEmpty();
  }

  @Test
  void what_cannot_be_meant_is_refused() {
    assertThat(run(List.of("top", "-d", "0"))).isEqualTo(2);
    assertThat(run(List.of("top", "-n", "0"))).isEqualTo(2);
    assertThat(run(List.of("top", "-s", "colour"))).isEqualTo(2);
    assertThat(run(List.of("top", "--pods", "--containers"))).isEqualTo(2);
    assertThat(run(List.of("top", "-r", "tcp://x"))).isEqualTo(2);
  }

  private int top(boolean knowsPods, String... arguments) throws IOException {
    Path socket = folder.resolve("s");
    List<String> all = new ArrayList<>(List.of("top", "-r", "unix://" + socket));
    all.addAll(List.of(arguments));
    try (var _ = ServedScript.at(socket, new ScriptedStatistics(knowsPods))) {
      return run(all);
    }
  }

  private int run(List<String> arguments) {
    return new CommandLineProgram(
            CommandLineProgram.standard(),
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(arguments.toArray(String[]::new));
  }

  private static String printed(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
