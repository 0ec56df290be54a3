package io.intermodal.docker.api;

import static io.intermodal.docker.transport.ScriptedDaemon.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.docker.transport.ScriptedDaemon;
import io.intermodal.docker.transport.ScriptedDaemon.Script;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DockerApiTest {
  private static final String INFO =
      """
      {"ServerVersion":"26.1.5","CgroupDriver":"systemd","CgroupVersion":"2",\
      "Runtimes":{"runc":{"path":"runc"},"kata":{"path":"kata"}},"DefaultRuntime":"runc",\
      "SecurityOptions":["name=seccomp,profile=builtin","name=apparmor"],\
      "DockerRootDir":"/var/lib/docker","Driver":"overlay2","KernelVersion":"6.1"}\
      """;

  @TempDir Path folder = Path.of("/");

  @ParameterizedTest
  @CsvSource({"1.41, /v1.41/info", "1.45, /v1.45/info", "1.99, /v1.48/info"})
  void theNewestVersionThatBothKnowIsSpoken(String offered, String asked) throws IOException {
    try (ScriptedDaemon daemon = daemon(answering(offered));
        DockerApi docker = open()) {
      EngineFacts facts = docker.negotiate();
      assertThat(daemon.requests()).last().asString().startsWith("GET " + asked + " ");
      assertThat(facts.version()).isEqualTo("26.1.5");
      assertThat(facts.api()).hasToString(asked.substring(2, 6));
      assertThat(facts.features().runtimes()).containsExactlyInAnyOrder("runc", "kata");
      assertThat(facts.features().seccomp()).isTrue();
      assertThat(facts.features().seLinux()).isFalse();
      assertThat(facts.rootDir()).isEqualTo(Path.of("/var/lib/docker"));
    }
  }

  @Test
  void aDockerThatIsTooOldIsRefusedWithTheCure() throws IOException {
    try (ScriptedDaemon _ = daemon(answering("1.40"));
        DockerApi docker = open()) {
      assertThatThrownBy(docker::negotiate)
          .isInstanceOfSatisfying(
              CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNIMPLEMENTED))
          .hasMessageContaining("API 1.40")
          .hasMessageContaining("20.10");
    }
  }

  @Test
  void anotherDaemonOnTheSameSocketIsSpokenToInItsOwnVersion() throws IOException {
    try (DockerApi docker = open()) {
      try (ScriptedDaemon _ = daemon(answering("1.45"))) {
        assertThat(docker.negotiate().api()).hasToString("1.45");
      }
      Files.delete(folder.resolve("d.sock"));
      try (ScriptedDaemon _ = daemon(answering("1.41"))) {
        assertThat(docker.negotiate().api()).hasToString("1.41");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://127.0.0.1:2375", "/var/run/docker.sock", "unix://relative", "::"})
  void onlyUnixSocketsAreTaken(String endpoint) {
    assertThatThrownBy(() -> DockerApi.open(endpoint))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT))
        .hasMessageContaining(endpoint)
        .hasMessageContaining("unix:///");
  }

  @Test
  void theProcessThatServesTheSocketIsKnown() throws IOException {
    try (ScriptedDaemon _ = daemon(answering("1.45"));
        DockerApi docker = open()) {
      assertThat(docker.peer().pid()).isEqualTo((int) ProcessHandle.current().pid());
    }
  }

  @Test
  void eventsAreDeliveredAndAnEndOfTheStreamIsTold() throws Exception {
    Script events =
        peer -> {
          String request = peer.request();
          while (request.startsWith("GET /version") || request.contains("/info ")) {
            peer.say(answer(request, "1.45"));
            request = peer.request();
          }
          peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          String event =
              "{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"abc\","
                  + "\"Attributes\":{\"exitCode\":\"3\"}}}\n";
          peer.say(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
          peer.hangUp();
        };
    Told told = new Told();
    try (ScriptedDaemon _ = daemon(events);
        DockerApi docker = open();
        DockerEvents following = new DockerEvents(docker, told)) {
      following.start();
      assertThat(told.next()).isEqualTo("connected to 26.1.5");
      assertThat(told.next()).isEqualTo("container abc die {exitCode=3}");
      assertThat(told.next()).startsWith("disconnected");
      assertThat(told.next()).isEqualTo("connected to 26.1.5");
    }
  }

  @Test
  void aDaemonThatHangsIsNoticedWithinFiveSeconds() throws Exception {
    Script hanging =
        peer -> {
          String request = peer.request();
          while (!request.startsWith("GET /_ping")) {
            if (request.contains("/events")) {
              peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              break;
            }
            peer.say(answer(request, "1.45"));
            request = peer.request();
          }
          peer.hearAll();
        };
    Told told = new Told();
    try (ScriptedDaemon _ = daemon(hanging);
        DockerApi docker = open();
        DockerEvents following = new DockerEvents(docker, told)) {
      following.start();
      assertThat(told.next()).isEqualTo("connected to 26.1.5");
      long start = System.nanoTime();
      assertThat(told.next()).startsWith("disconnected");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  private static final class Told implements DockerEvents.Listener {
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    @Override
    public void connected(EngineFacts facts) {
      calls.add("connected to " + facts.version());
    }

    @Override
    public void disconnected(String why) {
      calls.add("disconnected: " + why);
    }

    @Override
    public void event(DockerEvents.Event event) {
      calls.add(
          String.join(" ", List.of(event.type(), event.id(), event.action()))
              + " "
              + event.attributes());
    }

    String next() throws InterruptedException {
      String call = calls.poll(10, TimeUnit.SECONDS);
      return call == null ? "nothing" : call;
    }
  }

  private static Script answering(String version) {
    return peer -> {
      for (String request = peer.request(); !request.isEmpty(); request = peer.request()) {
        peer.say(answer(request, version));
      }
    };
  }

  private static String answer(String request, String version) {
    return request.startsWith("GET /version ")
        ? ok("{\"ApiVersion\":\"" + version + "\",\"Version\":\"26.1.5\"}")
        : ok(INFO);
  }

  private ScriptedDaemon daemon(Script script) throws IOException {
    return new ScriptedDaemon(folder.resolve("d.sock"), script);
  }

  private DockerApi open() {
    return DockerApi.open("unix://" + folder.resolve("d.sock"));
  }
}
