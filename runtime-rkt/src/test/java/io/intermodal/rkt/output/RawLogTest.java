package io.intermodal.rkt.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.rkt.output.RawLog.Writer;
import io.intermodal.runtime.node.LogSource;
import io.intermodal.runtime.node.LogSource.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RawLogTest {
  @TempDir Path folder;
  private Path file;
  private final AtomicReference<Writer> writer = new AtomicReference<>(Writer.WRITES);

  private record Line(String time, Channel channel, String text, boolean partial) {}

  @BeforeEach
  void name_the_file() {
    file = folder.resolve("a.raw");
  }

  @Test
  void records_become_entries() throws IOException {
    Files.writeString(
        file,
        """
        2026-11-23T07:20:35.776443686Z stdout F out
        2026-11-23T07:20:35.776443687Z stderr P err with  spaces
        2026-11-23T08:20:36.000000000Z stdout F\s
        end
        """);

    assertThat(read(""))
        .containsExactly(
            new Line("2026-11-23T07:20:35.776443686Z", Channel.STDOUT, "out", false),
            new Line("2026-11-23T07:20:35.776443687Z", Channel.STDERR, "err with  spaces", true),
            new Line("2026-11-23T08:20:36.000000000Z", Channel.STDOUT, "", false));
  }

  @Test
  void what_is_older_than_wanted_is_passed_over() throws IOException {
    Files.writeString(file, record(35, "old") + record(36, "wanted") + "end\n");

    assertThat(read("2026-11-23T07:20:36.000000000Z"))
        .extracting(Line::text)
        .containsExactly("wanted");
  }

  @Test
  void records_longer_than_a_read_are_whole() throws IOException {
    String text = "0123456789".repeat(1638);
    Files.writeString(file, record(35, text).repeat(20) + record(36, "next") + "end\n");

    List<Line> lines = read("");

    assertThat(lines).hasSize(21);
    assertThat(lines.subList(0, 20)).allMatch(line -> line.text().equals(text));
    assertThat(lines.getLast().text()).isEqualTo("next");
  }

  @Test
  void a_hole_and_the_half_record_after_it_are_passed_over() throws IOException {
    Files.write(file, new byte[3 << 20]);
    Files.writeString(
        file, "half a record\n" + record(36, "whole") + "end\n", StandardOpenOption.APPEND);

    assertThat(read("")).extracting(Line::text).containsExactly("whole");
  }

  @Test
  void what_was_read_is_freed_and_the_rest_is_found_again() throws IOException {
    String text = "x".repeat(16_000);
    try (var out = Files.newBufferedWriter(file)) {
      for (int i = 10; i < 60; i++) {
        for (int k = 0; k < 40; k++) {
          out.write(record(i, text));
        }
      }
      out.write("end\n");
    }
    assertThat(read("")).hasSize(2000);

    assertThat(read("2026-11-23T07:20:59.000000000Z")).hasSize(40);
    try (var in = Files.newInputStream(file)) {
      assertThat(in.read()).as("the beginning was freed").isZero();
    }
  }

  @Test
  void what_is_written_later_is_waited_for() throws Exception {
    CompletableFuture<List<Line>> reading = readInBackground();
    Files.writeString(file, "2026-11-23T07:20:35.000000000Z stdout F half");
    Files.writeString(file, " and half\n", StandardOpenOption.APPEND);
    writer.set(Writer.ENDS);
    Files.writeString(file, record(36, "last words") + "end\n", StandardOpenOption.APPEND);

    assertThat(reading.get(30, TimeUnit.SECONDS))
        .extracting(Line::text)
        .containsExactly("half and half", "last words");
  }

  @Test
  void nothing_more_is_waited_for_when_the_pod_was_killed() throws IOException {
    Files.writeString(file, record(35, "said") + "2026-11-23T07:20:36.0000");
    writer.set(Writer.GONE);

    assertThat(read("")).extracting(Line::text).containsExactly("said");
  }

  @Test
  void a_container_that_was_never_recorded_has_no_entries() throws IOException {
    writer.set(Writer.GONE);

    assertThat(read("")).isEmpty();
  }

  private static String record(int second, String text) {
    return "2026-11-23T07:20:%02d.000000000Z stdout F %s\n".formatted(second, text);
  }

  private CompletableFuture<List<Line>> readInBackground() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return read("");
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private List<Line> read(String since) throws IOException {
    List<Line> lines = new ArrayList<>();
    Optional<String> from = Optional.of(since).filter(time -> !time.isEmpty());
    try (LogSource.Stream stream = new RawLog(file, writer::get).open(from)) {
      for (LogSource.Entry entry = stream.next(); entry != null; entry = stream.next()) {
        lines.add(
            new Line(
                entry.time(),
                entry.channel(),
                StandardCharsets.UTF_8.decode(entry.content()).toString(),
                entry.partial()));
      }
    }
    return lines;
  }
}
