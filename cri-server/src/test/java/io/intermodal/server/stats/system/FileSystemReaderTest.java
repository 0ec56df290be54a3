package io.intermodal.server.stats.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemReaderTest {
  @TempDir Path folder;
  private final FileSystemReader reader = new FileSystemReader();

  @Test
  void a_file_system_has_the_size_that_java_tells() throws IOException {
    assertThat(reader.read(folder).orElseThrow().size())
        .isEqualTo(Files.getFileStore(folder).getTotalSpace());
  }

  @Test
  void a_file_system_has_the_inodes_that_stat_tells() throws Exception {
    Process stat = new ProcessBuilder("stat", "-f", "-c", "%c", folder.toString()).start();
    String inodes = new String(stat.getInputStream().readAllBytes(), UTF_8).strip();

    FileSystemReading reading = reader.read(folder).orElseThrow();

    assertThat(reading.inodes()).isEqualTo(Long.parseLong(inodes));
    assertThat(reading.inodesFree()).isLessThanOrEqualTo(reading.inodes());
  }

  @Test
  void a_folder_that_is_gone_has_no_file_system() {
    assertThat(reader.read(folder.resolve("gone"))).isEmpty();
  }
}
