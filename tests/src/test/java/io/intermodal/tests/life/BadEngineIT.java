package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.engine.ContainerdDaemon;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.ForeignSocket;
import io.intermodal.tests.engine.IntermodalServer;
import io.intermodal.tests.engine.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The socket that is said to be containerd's is none, or one of something else. */
@EndToEnd(EngineKind.SEVERAL)
class BadEngineIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(3);

  private final Node node;
  private final Path folder;

  BadEngineIT(Node node) {
    this.node = node;
    // A short name: it ends in the path of a socket.
    this.folder = node.folder().resolve(UUID.randomUUID().toString().substring(0, 8));
  }

  @Test
  void a_socket_that_is_not_there_is_named_with_the_cure() {
    String endpoint = "unix://" + folder + "/none.sock";

    assertRefused(
        endpoint, Status.Code.UNAVAILABLE, "containerd does not answer", endpoint, "start it");
  }

  @Test
  void an_http_server_is_named_with_the_engine_that_it_is_not() throws IOException {
    try (ForeignSocket http = ForeignSocket.http(folder.resolve("http.sock"))) {
      assertRefused(http.endpoint(), Status.Code.UNAVAILABLE, "containerd", http.endpoint());
    }
  }

  @Test
  void dockers_socket_is_named_with_the_engine_that_it_is_not() {
    String endpoint = "unix://" + node.docker().socket();

    assertRefused(endpoint, Status.Code.UNAVAILABLE, "containerd", endpoint);
  }

  @Test
  void a_socket_that_hangs_costs_a_caller_no_more_than_its_deadline() throws IOException {
    try (ForeignSocket silent = ForeignSocket.silent(folder.resolve("mute.sock"))) {
      long start = System.nanoTime();

      assertRefused(silent.endpoint(), SHORT_PATIENCE, Status.Code.DEADLINE_EXCEEDED, "deadline");

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SHORT_PATIENCE);
    }
  }

  @Test
  void a_containerd_whose_cri_is_switched_off_is_told_with_file_and_line() {
    try (ContainerdDaemon without = node.containerd().anotherWithoutCri(folder.resolve("c"))) {
      assertRefused(
          without.endpoint(),
          Status.Code.UNIMPLEMENTED,
          "serves no CRI",
          "line %d of %s".formatted(ContainerdDaemon.LINE_WITHOUT_CRI, without.configurationFile()),
          "io.containerd.grpc.v1.cri");
    }
  }

  /** Asks a server for its engine's version; the server must be healthy afterwards. */
  private void assertRefused(String endpoint, Status.Code code, String... words) {
    assertRefused(endpoint, PATIENCE, code, words);
  }

  private void assertRefused(
      String endpoint, Duration patience, Status.Code code, String... words) {
    List<String> settings =
        List.of("--container-runtime=containerd", "--containerd-endpoint=" + endpoint);
    try (IntermodalServer server = node.anotherServer(folder.getFileName() + "-s", settings);
        CriChannel channel = new CriChannel(server.socket())) {
      var impatient =
          channel.runtime().withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
      assertThatThrownBy(() -> impatient.version(VersionRequest.getDefaultInstance()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refusal -> {
                assertThat(refusal.getStatus().getCode()).isEqualTo(code);
                assertThat(String.valueOf(refusal.getStatus().getDescription())).contains(words);
              });
      assertThat(server.monitoring().health().statusCode()).isEqualTo(200);
    }
  }
}
