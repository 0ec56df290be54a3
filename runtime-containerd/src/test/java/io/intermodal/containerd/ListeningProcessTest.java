package io.intermodal.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListeningProcessTest {
  @TempDir Path folder;
  private Path socket = Path.of("none");
  private KernelsProcesses kernel;

  ListeningProcessTest(@TempDir Path proc) throws IOException {
    kernel = new KernelsProcesses(proc);
  }

  @BeforeEach
  void socketFile() throws IOException {
    socket = Files.createFile(folder.toRealPath().resolve("containerd.sock"));
  }

  @Test
  void is_the_one_that_has_the_listening_socket_open() throws IOException {
    kernel.listening(11, folder.resolve("docker/containerd.sock"), "containerd", "containerd");
    kernel.connected(12, socket, "kubelet");
    kernel.listening(13, socket, "containerd", "/usr/bin/containerd");
    assertThat(ListeningProcess.on(socket, kernel.folder()))
        .hasValueSatisfying(process -> {
          assertThat(process.folder()).isEqualTo(kernel.folder().resolve("13"));
          assertThat(process.name()).contains("containerd");
        });
  }

  @Test
  void is_found_by_another_name_of_the_socket() throws IOException {
    kernel.listening(13, socket, "containerd", "containerd");
    Path link = Files.createSymbolicLink(folder.resolve("var-run"), socket.resolveSibling(""));
    assertThat(ListeningProcess.on(link.resolve("containerd.sock"), kernel.folder())).isPresent();
  }

  @Test
  void is_nobody_where_nobody_listens() throws IOException {
    kernel.connected(12, socket, "kubelet");
    assertThat(ListeningProcess.on(socket, kernel.folder())).isEmpty();
    assertThat(ListeningProcess.on(folder.resolve("missing.sock"), kernel.folder())).isEmpty();
    assertThat(ListeningProcess.on(socket, folder.resolve("no-proc"))).isEmpty();
  }

  @Test
  void is_not_looked_for_when_it_is_known() throws IOException {
    kernel.listening(13, socket, "containerd", "containerd");
    assertThat(ListeningProcess.of(OptionalLong.of(99), socket, kernel.folder()))
        .contains(new ListeningProcess(kernel.folder().resolve("99")));
    assertThat(ListeningProcess.of(OptionalLong.empty(), socket, kernel.folder()))
        .contains(new ListeningProcess(kernel.folder().resolve("13")));
  }

  @ParameterizedTest
  @CsvSource({
    "-c /a/k3s.toml, /a/k3s.toml",
    "--config /a/x.toml, /a/x.toml",
    "--log-level info --config=/etc/k0s/containerd.toml --root /r, /etc/k0s/containerd.toml",
    "-config=/a/x.toml, /a/x.toml",
  })
  void names_its_configuration_on_its_command_line(String arguments, Path file) throws IOException {
    kernel.listening(13, socket, "containerd", ("containerd " + arguments).split(" "));
    assertThat(
            ListeningProcess.on(socket, kernel.folder()).flatMap(ListeningProcess::configuration))
        .contains(file);
  }

  @Test
  void names_it_relative_to_where_it_runs() throws IOException {
    kernel.listening(13, socket, "containerd", "containerd", "-c", "etc/x.toml");
    assertThat(
            ListeningProcess.on(socket, kernel.folder()).flatMap(ListeningProcess::configuration))
        .contains(kernel.folder().toRealPath().resolve("13/home/etc/x.toml"));
  }

  @ParameterizedTest
  @CsvSource({"''", "-a /run/c.sock", "-c", "--configuration=/x", "config default"})
  void names_none_when_it_does_not(String arguments) throws IOException {
    kernel.listening(13, socket, "containerd", ("containerd " + arguments).split(" "));
    assertThat(
            ListeningProcess.on(socket, kernel.folder()).flatMap(ListeningProcess::configuration))
        .isEmpty();
  }

  @Test
  void that_has_ended_says_nothing() {
    ListeningProcess ended = new ListeningProcess(kernel.folder().resolve("99"));
    assertThat(ended.name()).isEmpty();
    assertThat(ended.configuration()).isEmpty();
  }
}
