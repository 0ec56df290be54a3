package io.intermodal.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.transport.ScriptedDaemon;
import io.intermodal.docker.transport.ScriptedDaemon.Peer;
import io.intermodal.docker.transport.ScriptedDaemon.Script;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.images.ImageArchive;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DockerImageArchivesTest {
  private static final String INFO =
      """
      {"ServerVersion":"26.1.5","CgroupDriver":"systemd","CgroupVersion":"2",\
      "Runtimes":{"runc":{"path":"runc"}},"DefaultRuntime":"runc","SecurityOptions":[],\
      "DockerRootDir":"/var/lib/docker","Driver":"overlay2","KernelVersion":"6.1"}\
      """;
  private static final String SENT = "5\r\na tar\r\n0\r\n\r\n";

  @TempDir Path folder = Path.of("/");
  private final AtomicReference<String> heard = new AtomicReference<>("");

  @Test
  void an_archive_is_sent_while_it_is_made() throws IOException {
    try (ScriptedDaemon daemon =
        daemon(loading("200 OK", "{\"stream\":\"Loaded image: a:1\\n\"}\n"))) {
      archives().load(new Archive());

      assertThat(daemon.requests())
          .last()
          .asString()
          .startsWith("POST /v1.45/images/load?quiet=0 ");
      assertThat(heard).hasValue(SENT);
    }
  }

  @Test
  void what_goes_wrong_after_docker_has_said_that_all_is_well_is_told() throws IOException {
    String progress = "{\"status\":\"Loading layer\"}\n";
    try (ScriptedDaemon _ =
        daemon(loading("200 OK", progress + "{\"error\":\"invalid diffID for layer 0\"}\n"))) {
      assertThatThrownBy(() -> archives().load(new Archive()))
          .isInstanceOf(CriException.class)
          .hasMessage("images: Docker said: invalid diffID for layer 0");
    }
  }

  @Test
  void a_full_disk_has_a_code_of_its_own() throws IOException {
    String full = "{\"error\":\"write /a: no space left on device\"}\n";
    try (ScriptedDaemon _ = daemon(loading("200 OK", full))) {
      assertThatThrownBy(() -> archives().load(new Archive()))
          .isInstanceOfSatisfying(
              CriException.class, e -> assertThat(e.code()).isEqualTo(Code.RESOURCE_EXHAUSTED));
    }
  }

  @Test
  void a_refusal_is_told_in_dockers_words() throws IOException {
    try (ScriptedDaemon _ =
        daemon(loading("500 Internal Server Error", "{\"message\":\"it is broken\"}"))) {
      assertThatThrownBy(() -> archives().load(new Archive())).hasMessage("images: it is broken");
    }
  }

  @Test
  void an_image_is_written_as_docker_gives_it() throws IOException {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    try (ScriptedDaemon daemon = daemon(peer -> answer(peer, "200 OK", "a tar"))) {
      archives().save("sha256:abc", saved);

      assertThat(daemon.requests())
          .last()
          .asString()
          .startsWith("GET /v1.45/images/sha256:abc/get ");
    }
    assertThat(saved.toString(StandardCharsets.UTF_8)).isEqualTo("a tar");
  }

  @Test
  void where_no_docker_is_that_is_said() {
    assertThatThrownBy(() -> archives().load(new Archive()))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining("is dockerd running?");
  }

  private Script loading(String status, String answer) {
    return peer -> {
      heard.set(peer.hear(SENT.length()));
      answer(peer, status, answer);
    };
  }

  private static void answer(Peer peer, String status, String body) throws IOException {
    peer.say("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body));
  }

  /** Agrees on a version before it does what the script says. */
  private ScriptedDaemon daemon(Script script) throws IOException {
    return new ScriptedDaemon(
        folder.resolve("d.sock"),
        peer -> {
          String request = peer.request();
          while (request.startsWith("GET /version") || request.contains("/info ")) {
            answer(peer, "200 OK", request.contains("/info ") ? INFO : "{\"ApiVersion\":\"1.45\"}");
            request = peer.request();
          }
          script.play(peer);
        });
  }

  private DockerImageArchives archives() {
    return new DockerImageArchives(() -> DockerApi.open("unix://" + folder.resolve("d.sock")));
  }

  private record Archive() implements ImageArchive {
    @Override
    public List<ArchivedImage> images() {
      return List.of();
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream("a tar".getBytes(StandardCharsets.UTF_8));
    }
  }
}
