package io.intermodal.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.server.Client;
import io.intermodal.server.ScriptedConnection;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SocketTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void either_transport_serves_on_a_socket_of_mode_0660_in_a_folder_of_mode_0755(String name)
      throws Exception {
    Path socket = folder.resolve("made/by/us/cri.sock");
    Transport transport = name.equals("epoll") ? Transport.epoll() : Transport.nio();
    try (ServedScript served = new ServedScript(socket, new Versioned(), transport)) {
      assertThat(mode(socket)).isEqualTo("rw-rw----");
      assertThat(mode(folder.resolve("made/by/us"))).isEqualTo("rwxr-xr-x");
      assertThat(version(served.client())).isEqualTo("1");
      assertThat(files(folder.resolve("made/by/us"))).containsExactly("cri.sock", "cri.sock.lock");
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void no_one_else_can_enter_where_the_socket_is_bound_before_it_has_its_mode() throws Exception {
    Path socket = folder.resolve("cri.sock");
    String[] workshop = new String[1];
    try (SocketFile _ =
        SocketFile.publish(
            socket,
            bound -> {
              workshop[0] = mode(bound.resolveSibling(""));
              assertThat(socket).doesNotExist();
              bind(bound).close();
            })) {
      assertThat(workshop).containsExactly("rwx------");
      assertThat(mode(socket)).isEqualTo("rw-rw----");
    }
  }

  @Test
  void the_rights_of_a_folder_that_exists_are_left_alone() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (ServedScript _ = ServedScript.at(folder.resolve("cri.sock"), new Versioned())) {
      assertThat(mode(folder)).isEqualTo("rwx------");
    }
  }

  @Test
  void a_socket_that_no_one_answers_on_is_replaced() throws Exception {
    Path socket = folder.resolve("cri.sock");
    bind(socket).close();
    assertThat(socket).exists();

    try (ServedScript served = ServedScript.at(socket, new Versioned())) {
      assertThat(version(served.client())).isEqualTo("1");
    }
  }

  @Test
  void a_socket_that_someone_answers_on_is_left_to_them() throws Exception {
    Path socket = folder.resolve("cri.sock");
    try (ServedScript first = ServedScript.at(socket, new Versioned())) {
      assertThatThrownBy(() -> ServedScript.at(socket, new Versioned()))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "another server (pid %d) answers on %s: stop it, or set another --listen"
                  .formatted(ProcessHandle.current().pid(), socket));
      assertThat(version(first.client())).isEqualTo("1");
    }
  }

  @Test
  void a_server_that_is_stuck_counts_as_one_that_answers() throws Exception {
    Path socket = folder.resolve("cri.sock");
    try (ServerSocketChannel stuck = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Room for one connection that is never accepted.
      stuck.bind(UnixDomainSocketAddress.of(socket), 1);
      for (int i = 0; i < 4; i++) {
        assertThatThrownBy(() -> ServedScript.at(socket, new Versioned()))
            .hasMessageStartingWith("another server")
            .hasMessageContaining("answers on " + socket);
      }
    }
  }

  @Test
  void something_that_is_no_socket_is_never_removed() throws Exception {
    Path file = Files.writeString(folder.resolve("cri.sock"), "precious");

    assertThatThrownBy(() -> ServedScript.at(file, new Versioned()))
        .hasMessage(file + " exists and is not a socket: remove it, or set another --listen");
    assertThat(file).hasContent("precious");
  }

  @Test
  void a_successors_socket_is_not_removed_with_ours() throws Exception {
    Path socket = folder.resolve("cri.sock");
    try (ServedScript served = ServedScript.at(socket, new Versioned())) {
      Files.delete(socket);
      try (ServerSocketChannel successor = bind(socket)) {
        served.stopServer();

        assertThat(socket).exists();
        assertThat(successor.isOpen()).isTrue();
      }
    }
  }

  @Test
  void what_an_earlier_start_left_half_done_does_not_matter() throws Exception {
    Path workshop =
        Files.createDirectory(
            folder.resolve("." + Long.toHexString(ProcessHandle.current().pid())));
    bind(workshop.resolve("s")).close();

    try (ServedScript served = ServedScript.at(folder.resolve("cri.sock"), new Versioned())) {
      assertThat(version(served.client())).isEqualTo("1");
      assertThat(workshop).doesNotExist();
    }
  }

  @Test
  void a_path_of_the_greatest_length_can_be_bound() throws Exception {
    int room = 99 - folder.toString().length() - 1;
    Path socket = folder.resolve("d".repeat(room - 2)).resolve("s");
    assertThat(socket.toString()).hasSize(99);

    try (ServedScript served = ServedScript.at(socket, new Versioned())) {
      assertThat(version(served.client())).isEqualTo("1");
    }
  }

  @Test
  void sockets_passed_to_another_process_are_not_ours() throws Exception {
    assertThat(InheritedSocket.find(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1"), 4711)).isEmpty();
    assertThat(InheritedSocket.find(Map.of(), 4711)).isEmpty();
  }

  @Test
  void more_than_one_passed_socket_is_refused() {
    assertThatThrownBy(
            () -> InheritedSocket.find(Map.of("LISTEN_FDS", "2", "LISTEN_PID", "4711"), 4711))
        .hasMessage("socket activation passed LISTEN_FDS=2 sockets (expected: 1)");
  }

  private static String version(Client client) {
    return client.runtime().version(VersionRequest.getDefaultInstance()).getRuntimeVersion();
  }

  private static ServerSocketChannel bind(Path path) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static final class Versioned extends ScriptedConnection {
    @Override
    public VersionResponse version(VersionRequest request, Call call) {
      return VersionResponse.newBuilder().setRuntimeVersion("1").build();
    }
  }
}
