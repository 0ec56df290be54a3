package io.intermodal.rkt.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, with shells for containers. */
@Timeout(60)
class OutputProgramTest {
  // Sockets have short paths.
  @TempDir(factory = ShortPaths.class)
  Path folder;

  private Path program;
  private Path streams;
  private Path records;
  private final List<ProcessHandle> carriers = new ArrayList<>();

  @BeforeEach
  void put_it_there() throws IOException {
    program = OutputProgram.putInto(folder);
    streams = folder.resolve("s");
    records = folder.resolve("records");
  }

  @AfterEach
  void end() {
    carriers.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void it_is_executable_for_us_alone_and_not_put_there_twice() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(program)))
        .isEqualTo("rwx------");
    var before = Files.getLastModifiedTime(program);

    assertThat(OutputProgram.putInto(folder)).isEqualTo(program);
    assertThat(Files.getLastModifiedTime(program)).isEqualTo(before);
  }

  @Test
  void both_outputs_are_recorded_and_the_end_too() throws Exception {
    carry("none");
    run("echo one; echo two >&2; echo; printf 'no end'");
    end(carriers.getFirst());

    List<String> lines = Files.readAllLines(records);
    assertThat(lines)
        .extracting(line -> line.replaceFirst("^\\S{30} ", ""))
        .contains("stdout F one", "stderr F two", "stdout F ", "stdout F no end", "end");
    assertThat(lines.getLast()).isEqualTo("end");
    assertThat(lines.subList(0, lines.size() - 1))
        .extracting(line -> line.substring(0, 30))
        .allMatch(time -> time.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z"))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void what_is_said_between_its_start_and_its_end_is_never_lost() throws Exception {
    carry("none");
    run("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo $i; done");
    end(carriers.getFirst());

    List<String> lines = Files.readAllLines(records);
    assertThat(lines).hasSize(20_001);
    assertThat(lines.get(19_999)).endsWith(" stdout F 20000");
  }

  @Test
  void a_long_line_comes_in_parts_and_a_full_one_does_not() throws Exception {
    carry("none");
    run("head -c 40000 /dev/zero | tr '\\0' x; echo; head -c 16384 /dev/zero | tr '\\0' y; echo");
    end(carriers.getFirst());

    assertThat(Files.readAllLines(records))
        .extracting(line -> line.length() > 40 ? line.substring(38, 41) + line.length() : line)
        .containsExactly("P x16424", "P x16424", "F x7272", "F y16424", "end");
  }

  @Test
  void who_attaches_hears_the_answer_to_what_is_typed_at_once() throws Exception {
    carry("open");
    Process container =
        start("while read line; do echo \"out $line\"; echo \"err $line\" >&2; done");
    try (SocketChannel out = attach("stdout");
        SocketChannel err = attach("stderr");
        SocketChannel in = attach("stdin")) {
      write(in, "hello\n");
      assertThat(read(out, 10)).isEqualTo("out hello\n");
      assertThat(read(err, 10)).isEqualTo("err hello\n");
    }
    try (SocketChannel out = attach("stdout");
        SocketChannel in = attach("stdin")) {
      write(in, "again\n");
      assertThat(read(out, 10))
          .as("the end of a client is not the container's")
          .isEqualTo("out again\n");
    }
    container.destroyForcibly();
  }

  @Test
  void the_first_clients_end_of_input_is_the_containers_if_it_has_one_client_in_its_life()
      throws Exception {
    carry("once");
    Process container = start("cat; echo over");
    String text = "some text\n".repeat(50_000);
    try (SocketChannel out = attach("stdout");
        SocketChannel in = attach("stdin")) {
      Thread typing =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  write(in, text);
                  in.shutdownOutput();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(read(out, text.length() + 5)).isEqualTo(text + "over\n");
      typing.join();
    }
    assertThat(container.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_client_hears_all_to_the_end_and_then_the_end() throws Exception {
    carry("none");
    try (SocketChannel out = attach("stdout")) {
      run("echo last words");
      end(carriers.getFirst());
      assertThat(read(out, 1000)).isEqualTo("last words\n");
    }
  }

  @Test
  void a_terminal_is_there_before_and_after_its_container() throws Exception {
    carry("terminal");
    Path terminal = Files.readSymbolicLink(streams.resolve("terminal"));
    try (SocketChannel out = attach("stdout");
        SocketChannel in = attach("stdin")) {
      Process shell =
          new ProcessBuilder("sh", "-c", "test -t 1 && read line && echo \"got $line\"")
              .redirectInput(terminal.toFile())
              .redirectOutput(terminal.toFile())
              .start();
      write(in, "it\n");
      assertThat(read(out, 12)).isEqualTo("it\r\ngot it\r\n");
      assertThat(shell.waitFor()).isZero();
    }
    end(carriers.getFirst());

    assertThat(Files.readAllLines(records))
        .extracting(line -> line.replaceFirst("^\\S{30} ", ""))
        .containsExactly("stdout F it", "stdout F got it", "end");
  }

  @Test
  void nothing_is_recorded_when_nobody_wants_it() throws Exception {
    records = Path.of("-");
    carry("none");
    run("echo unheard");
    end(carriers.getFirst());

    assertThat(folder.resolve("-")).doesNotExist();
    assertThat(streams.resolve("-")).doesNotExist();
  }

  private void carry(String input) throws Exception {
    Process made =
        new ProcessBuilder(program.toString(), streams.toString(), records.toString(), input)
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    String line = String.join("\0", program.toString(), streams.toString());
    ProcessHandle.allProcesses()
        .filter(process -> commandLine(process.pid()).startsWith(line))
        .forEach(carriers::add);
    assertThat(carriers).hasSize(1);
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private Process start(String script) throws IOException {
    Path in = streams.resolve("stdin");
    return new ProcessBuilder("sh", "-c", script)
        .redirectInput(Files.exists(in) ? in.toFile() : Path.of("/dev/null").toFile())
        .redirectOutput(streams.resolve("stdout").toFile())
        .redirectError(streams.resolve("stderr").toFile())
        .start();
  }

  private void run(String script) throws Exception {
    assertThat(start(script).waitFor()).isZero();
  }

  private static void end(ProcessHandle carrier) {
    carrier.destroy();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (carrier.isAlive()) {
      assertThat(System.nanoTime()).as("it ended").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private SocketChannel attach(String stream) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(streams.resolve("sock-" + stream)));
  }

  private static void write(SocketChannel to, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  /** So many bytes, or all to the end. */
  private static String read(SocketChannel from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && from.read(bytes) >= 0) {
      // More is wanted.
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }
}
