package io.intermodal.server.stats.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDevicesTest {
  @TempDir Path sys;

  @Test
  void a_device_has_the_name_that_the_kernel_gave_it() throws IOException {
    device("259:1", "../../devices/pci0000:00/0000:00:1f.0/nvme/nvme0/nvme0n1/nvme0n1p1");
    device("104:0", "../../devices/pci0000:00/block/cciss!c0d0");

    assertThat(new BlockDevices(sys).name(259, 1)).isEqualTo("/dev/nvme0n1p1");
    assertThat(new BlockDevices(sys).name(104, 0)).isEqualTo("/dev/cciss/c0d0");
  }

  @Test
  void a_device_without_a_name_is_told_by_its_numbers() {
    assertThat(new BlockDevices(sys).name(0, 45)).isEqualTo("0:45");
  }

  @Test
  void a_folder_leads_to_the_device_below_it() throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%Hd:%Ld", sys.toString()).start();
    String number = new String(stat.getInputStream().readAllBytes(), UTF_8).strip();
    device(number, "../../devices/virtual/block/there");

    assertThat(new BlockDevices(sys).below(sys)).isEqualTo("/dev/there");
  }

  @Test
  void a_folder_that_is_gone_is_an_error() {
    assertThatThrownBy(() -> new BlockDevices(sys).below(sys.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private void device(String number, String target) throws IOException {
    Path folder = Files.createDirectories(sys.resolve("dev/block"));
    Files.createSymbolicLink(folder.resolve(number), Path.of(target));
  }
}
