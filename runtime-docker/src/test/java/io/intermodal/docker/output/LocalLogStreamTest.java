package io.intermodal.docker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.docker.output.ContainerOutput.End;
import io.intermodal.runtime.node.LogSource.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalLogStreamTest {
  private static final long START = EntryTime.nanos("2026-11-23T11:48:48.342094490Z");

  @TempDir Path folder = Path.of("/");
  private final OutputWatch watch = new OutputWatch();
  private final End end = new End();

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void entriesComeWithTheirTimeChannelAndBytes() throws IOException {
    write(entry(START, "stdout", "hi"), entry(START + 5, "stderr", ""));
    write(entry(START + 6, "stdout", bytes(0xff, 0, 'x'), 0));
    end.reach();
    assertThat(readAll(Optional.empty()))
        .containsExactly(
            "2026-11-23T11:48:48.342094490Z STDOUT F hi",
            "2026-11-23T11:48:48.342094495Z STDERR F ",
            "2026-11-23T11:48:48.342094496Z STDOUT F \u00ff\0x");
  }

  @Test
  void theLastPartOfALongLineIsNotPartial() throws IOException {
    String part = "a".repeat(16 * 1024);
    write(
        entry(START, "stdout", ascii(part), 1),
        entry(START, "stdout", ascii(part), 2),
        entry(START, "stdout", ascii("end"), -3),
        entry(START, "stdout", ascii("no line end"), 1));
    end.reach();
    assertThat(readAll(Optional.empty()))
        .containsExactly(
            "2026-11-23T11:48:48.342094490Z STDOUT P " + part,
            "2026-11-23T11:48:48.342094490Z STDOUT P " + part,
            "2026-11-23T11:48:48.342094490Z STDOUT F end",
            "2026-11-23T11:48:48.342094490Z STDOUT P no line end");
  }

  @Test
  void rotatedFilesAreReadOldestFirst() throws IOException {
    write(entry(START, "stdout", "1"));
    rotate(3);
    write(entry(START + 1, "stdout", "2"));
    rotate(3);
    write(entry(START + 2, "stdout", "3"));
    end.reach();
    assertThat(readAll(Optional.empty()))
        .extracting(LocalLogStreamTest::text)
        .containsExactly("1", "2", "3");
  }

  @Test
  void readingResumesAtATimeWithAllEntriesOfThatTime() throws IOException {
    long minute = 60_000_000_000L;
    for (int i = 0; i < 3; i++) {
      write(
          entry(START + i * minute, "stdout", i + "a"),
          entry(START + i * minute, "stderr", i + "b"));
      write(entry(START + i * minute + 1, "stdout", i + "c"));
      rotate(5);
    }
    end.reach();
    assertThat(readAll(Optional.of(new EntryTime().text(START + minute))))
        .extracting(LocalLogStreamTest::text)
        .containsExactly("1a", "1b", "1c", "2a", "2b", "2c");
  }

  @Test
  void anEntryThatIsOlderThanItsNeighboursIsFoundWhereverItIs() throws IOException {
    write(entry(START + 6, "stderr", "late"), entry(START + 5, "stdout", "wanted"));
    rotate(3);
    write(entry(START + 7, "stderr", "new"), entry(START + 4, "stdout", "old"));
    end.reach();
    assertThat(readAll(Optional.of(new EntryTime().text(START + 5))))
        .extracting(LocalLogStreamTest::text)
        .containsExactly("late", "wanted", "new");
  }

  @Test
  void linesWrittenLaterAreFollowedUntilTheEndIsTold() throws Exception {
    write(entry(START, "stdout", "before"));
    try (LocalLogStream stream = open(Optional.empty());
        ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(stream.ready()).isTrue();
      assertThat(text(show(stream.next()))).isEqualTo("before");
      assertThat(stream.ready()).isFalse();
      Future<String> next = reader.submit(() -> text(show(stream.next())));
      write(entry(START + 1, "stdout", "after"));
      assertThat(next).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("after");
      Future<Boolean> over = reader.submit(() -> stream.next() == null);
      end.reach();
      assertThat(over).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    }
  }

  @Test
  void aHalfWrittenEntryIsWaitedFor() throws Exception {
    byte[] whole = entry(START, "stdout", "whole");
    write(Arrays.copyOf(whole, 11));
    try (LocalLogStream stream = open(Optional.empty());
        ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> next = reader.submit(() -> text(show(stream.next())));
      write(Arrays.copyOfRange(whole, 11, whole.length));
      assertThat(next).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("whole");
    }
  }

  @Test
  void whatADyingDockerLeftHalfWrittenDoesNotHideWhatFollows() throws IOException {
    byte[] torn = entry(START, "stdout", "torn in the middle of its writing");
    write(Arrays.copyOf(torn, torn.length - 9), entry(START + 1, "stdout", "next"));
    write(entry(START + 2, "stdout", "and next"));
    end.reach();
    assertThat(readAll(Optional.empty()))
        .extracting(LocalLogStreamTest::text)
        .containsExactly("next", "and next");
  }

  @Test
  void aRemovedContainersStreamEnds() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Path file = gone.resolve("container.log");
    Files.write(file, entry(START, "stdout", "last words"));
    try (LocalLogStream stream =
        LocalLogStream.open(file, Optional.empty(), watch, end).orElseThrow()) {
      Files.delete(file);
      Files.delete(gone);
      assertThat(text(show(stream.next()))).isEqualTo("last words");
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void withoutSuchALogThereIsNoStream() throws IOException {
    assertThat(LocalLogStream.open(newest(), Optional.empty(), watch, end)).isEmpty();
  }

  @Test
  void closingWakesTheReader() throws Exception {
    write(entry(START, "stdout", "only"));
    LocalLogStream stream = open(Optional.empty());
    assertThat(stream.next()).isNotNull();
    try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Entry> next = reader.submit(stream::next);
      stream.close();
      assertThatThrownBy(next::get).cause().isInstanceOf(AsynchronousCloseException.class);
    }
  }

  @Test
  void noLineIsLostOrDoubledWhileFilesAreRotated() throws Exception {
    int lines = 100_000;
    write(entry(START, "stdout", "0"));
    try (LocalLogStream stream = open(Optional.empty());
        ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> written =
          writer.submit(() -> {
            writeNumbered(lines);
            end.reach();
            return null;
          });
      for (int i = 0; i < lines; i++) {
        assertThat(text(show(stream.next()))).isEqualTo(Integer.toString(i));
      }
      assertThat(stream.next()).isNull();
      written.get();
    }
  }

  /** Writes as Docker does, a rotation every 5000 lines; old files stay long enough to be read. */
  private void writeNumbered(int lines) throws IOException {
    int next = 1;
    while (next < lines) {
      try (OutputStream out =
          Files.newOutputStream(newest(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        for (int i = 0; i < 5000 && next < lines; i++) {
          out.write(entry(START + next, "stdout", Integer.toString(next)));
          next++;
        }
      }
      rotate(1000);
    }
  }

  private Path newest() {
    return folder.resolve("container.log");
  }

  private LocalLogStream open(Optional<String> since) throws IOException {
    return LocalLogStream.open(newest(), since, watch, end).orElseThrow();
  }

  private List<String> readAll(Optional<String> since) throws IOException {
    List<String> all = new ArrayList<>();
    try (LocalLogStream stream = open(since)) {
      for (Entry entry = stream.next(); entry != null; entry = stream.next()) {
        all.add(show(entry));
      }
    }
    return all;
  }

  private static String show(@Nullable Entry entry) {
    if (entry == null) {
      return "the end";
    }
    byte[] content = new byte[entry.content().remaining()];
    entry.content().get(content);
    return entry.time()
        + ' '
        + entry.channel()
        + (entry.partial() ? " P " : " F ")
        + new String(content, StandardCharsets.ISO_8859_1);
  }

  private static String text(String shown) {
    return shown.split(" ", 4)[3];
  }

  private void write(byte[]... entries) throws IOException {
    for (byte[] entry : entries) {
      Files.write(newest(), entry, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  private void rotate(int keep) throws IOException {
    for (int i = keep - 1; i >= 0; i--) {
      Path from = i == 0 ? newest() : folder.resolve("container.log." + i);
      if (Files.exists(from)) {
        Files.move(
            from, folder.resolve("container.log." + (i + 1)), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.createFile(newest());
  }

  private static byte[] entry(long time, String source, String line) {
    return entry(time, source, ascii(line), 0);
  }

  /**
   * One entry as Docker writes it.
   *
   * @param part 0 for a whole line, the number of a part otherwise, negative for the last part
   */
  private static byte[] entry(long time, String source, byte[] line, int part) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    field(message, 1, ascii(source));
    message.write(2 << 3);
    varint(message, time);
    if (line.length > 0) {
      field(message, 3, line);
    }
    if (part != 0) {
      message.write(4 << 3);
      message.write(1);
      ByteArrayOutputStream details = new ByteArrayOutputStream();
      if (part < 0) {
        details.write(1 << 3);
        details.write(1);
      }
      field(details, 2, ascii("b4a76fb39045688b"));
      details.write(3 << 3);
      varint(details, Math.abs(part));
      field(message, 5, details.toByteArray());
    }
    byte[] bytes = message.toByteArray();
    return ByteBuffer.allocate(bytes.length + 8)
        .putInt(bytes.length)
        .put(bytes)
        .putInt(bytes.length)
        .array();
  }

  private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
    out.write((number << 3) | 2);
    varint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while (left > 0x7f) {
      out.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
