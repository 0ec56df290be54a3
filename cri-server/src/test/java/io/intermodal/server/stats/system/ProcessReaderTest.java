package io.intermodal.server.stats.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessReaderTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  @TempDir Path proc;

  @Test
  void open_files_and_sockets_of_all_processes_are_added_up() throws IOException {
    process(10, "1024", "pipe:[6]", "pipe:[7]", "socket:[8]");
    process(11, "64", "socket:[9]", "anon_inode:[eventpoll]");

    assertThat(read(10, 11))
        .isEqualTo(
            new ProcessReading(2, OptionalLong.of(5), OptionalLong.of(2), OptionalLong.of(1024)));
  }

  @Test
  void a_process_that_ended_meanwhile_has_nothing_open() throws IOException {
    process(10, "1024", "pipe:[6]");

    assertThat(read(10, 99))
        .isEqualTo(
            new ProcessReading(2, OptionalLong.of(1), OptionalLong.of(0), OptionalLong.of(1024)));
  }

  @Test
  void no_limit_of_open_files_is_not_told() throws IOException {
    process(10, "unlimited");

    assertThat(read(10).openFilesLimit()).isEmpty();
  }

  @Test
  void without_processes_nothing_is_open() {
    assertThat(read())
        .isEqualTo(new ProcessReading(0, OptionalLong.of(0), OptionalLong.of(0), NONE));
  }

  @Test
  void a_container_with_too_many_processes_to_look_at_has_no_numbers() throws IOException {
    process(10, "1024", "socket:[8]");
    long[] many = new long[2000];
    Arrays.fill(many, 10);

    assertThat(read(many)).isEqualTo(new ProcessReading(2000, NONE, NONE, OptionalLong.of(1024)));
  }

  @Test
  void what_cannot_be_listed_is_not_guessed() throws IOException {
    process(10, "1024", "socket:[8]");
    Files.createDirectories(proc.resolve("11"));
    Files.writeString(proc.resolve("11/fd"), "a folder that cannot be opened is no folder either");

    assertThat(read(10, 11)).isEqualTo(new ProcessReading(2, NONE, NONE, OptionalLong.of(1024)));
  }

  @Test
  void a_socket_of_a_living_process_is_seen() throws IOException {
    ProcessReader reader = new ProcessReader(Path.of("/proc"));
    List<Long> self = List.of(ProcessHandle.current().pid());
    long before = reader.read(self).sockets().orElseThrow();

    try (ServerSocket one = new ServerSocket(0);
        ServerSocket another = new ServerSocket(0)) {
      assertThat(one.getLocalPort()).isNotEqualTo(another.getLocalPort());
      ProcessReading with = reader.read(self);

      assertThat(with.sockets().orElseThrow()).isGreaterThanOrEqualTo(before + 2);
      assertThat(with.descriptors().orElseThrow()).isGreaterThan(with.sockets().orElseThrow());
      assertThat(with.openFilesLimit()).isPresent();
    }
  }

  private ProcessReading read(long... pids) {
    return new ProcessReader(proc).read(Arrays.stream(pids).boxed().toList());
  }

  private void process(long pid, String openFilesLimit, String... open) throws IOException {
    Path folder = proc.resolve(Long.toString(pid));
    Files.createDirectories(folder.resolve("fd"));
    for (int i = 0; i < open.length; i++) {
      Files.createSymbolicLink(folder.resolve("fd").resolve(Integer.toString(i)), Path.of(open[i]));
    }
    Files.writeString(
        folder.resolve("limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             31206                31206                processes
        Max open files            %-20s 1048576              files
        Max locked memory         67108864             67108864             bytes
        """
            .formatted(openFilesLimit));
  }
}
