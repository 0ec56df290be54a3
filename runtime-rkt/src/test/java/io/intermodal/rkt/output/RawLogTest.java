package io.intermodal.rkt.output;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RawLogTest {
  @TempDir Path folder;
  private Path file;
  private final AtomicBoolean ended = new AtomicBoolean();

  private record Line(String time, Channel channel, String text, boolean partial) {}

  @BeforeEach
  void name_the_file() {
    file = folder.resolve("a.raw");
  }

  @Test
  void lines_become_entries_with_times_of_one_form() throws IOException {
    Files.writeString(
        file,
        """
        2026-11-23T07:20:35.776443686Z stdout out
        2026-11-23T07:20:35.7764Z stderr err with  spaces
        2026-11-23T08:20:36+01:00 stdout\s
        """);
    ended.set(true);

    assertThat(read(""))
        .containsExactly(
            new Line("2026-11-23T07:20:35.776443686Z", Channel.STDOUT, "out", false),
            new Line("2026-11-23T07:20:35.776400000Z", Channel.STDERR, "err with  spaces", false),
            new Line("2026-11-23T07:20:36.000000000Z", Channel.STDOUT, "", false));
  }

  @Test
  void what_is_older_than_wanted_is_passed_over() throws IOException {
    Files.writeString(
        file, "2026-11-23T07:20:35Z stdout old\n2026-11-23T07:20:36Z stdout wanted\n");
    ended.set(true);

    assertThat(read("2026-11-23T07:20:36.000000000Z"))
        .extracting(Line::text)
        .containsExactly("wanted");
  }

  @Test
  void a_long_line_comes_in_parts_that_make_the_whole() throws IOException {
    String text = "0123456789".repeat(20_000);
    Files.writeString(
        file, "2026-11-23T07:20:35Z stderr " + text + "\n2026-11-23T07:20:36Z stdout next\n");
    ended.set(true);

    List<Line> lines = read("");

    List<Line> parts = lines.subList(0, lines.size() - 1);
    assertThat(parts)
        .hasSizeGreaterThan(1)
        .allSatisfy(part -> {
          assertThat(part.channel()).isEqualTo(Channel.STDERR);
          assertThat(part.time()).isEqualTo("2026-11-23T07:20:35.000000000Z");
        });
    assertThat(parts.subList(0, parts.size() - 1)).allMatch(Line::partial);
    assertThat(parts.getLast().partial()).isFalse();
    assertThat(String.join("", parts.stream().map(Line::text).toList())).isEqualTo(text);
    assertThat(lines.getLast().text()).isEqualTo("next");
  }

  @Test
  void a_hole_and_the_half_line_after_it_are_passed_over() throws IOException {
    byte[] hole = new byte[200_000];
    Files.write(file, hole);
    Files.writeString(file, "\n2026-11-23T07:20:36Z stdout whole\n", StandardOpenOption.APPEND);
    ended.set(true);

    assertThat(read("")).extracting(Line::text).containsExactly("whole");
  }

  @Test
  void a_last_line_without_an_end_is_not_lost() throws IOException {
    Files.writeString(file, "2026-11-23T07:20:35Z stdout no end");
    ended.set(true);

    assertThat(read("")).extracting(Line::text).containsExactly("no end");
  }

  @Test
  void what_is_written_later_is_waited_for() throws Exception {
    CompletableFuture<List<Line>> reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return read("");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    Files.writeString(file, "2026-11-23T07:20:35Z stdout half");
    Files.writeString(file, " and half\n", StandardOpenOption.APPEND);
    ended.set(true);

    assertThat(reading.get(30, TimeUnit.SECONDS))
        .extracting(Line::text)
        .containsExactly("half and half");
  }

  @Test
  void a_container_that_never_said_anything_has_no_entries() throws IOException {
    ended.set(true);

    assertThat(read("")).isEmpty();
  }

  private List<Line> read(String since) throws IOException {
    List<Line> lines = new ArrayList<>();
    Optional<String> from = Optional.of(since).filter(time -> !time.isEmpty());
    try (LogSource.Stream stream = new RawLog(file, ended::get).open(from)) {
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
