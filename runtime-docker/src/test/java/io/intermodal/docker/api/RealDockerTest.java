package io.intermodal.docker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.model.LogConfig;
import io.intermodal.docker.output.ContainerOutput;
import io.intermodal.docker.transport.HttpExchange;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.LogSource;
import io.intermodal.runtime.node.LogSource.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The same against a real dockerd. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealDockerTest {
  private @Nullable RealDocker real;

  @BeforeAll
  void connect() throws IOException {
    real = RealDocker.connect();
  }

  @AfterAll
  void removeAll() {
    if (real != null) {
      real.close();
    }
  }

  @Test
  void outputIsReadFromItsFilesAsItWasWritten() throws IOException {
    String id =
        real()
            .start(
                "echo out; echo err >&2; printf 'a\\377\\000b\\n'; echo;"
                    + " head -c 40000 /dev/zero | tr '\\000' x; echo; printf tail");
    docker().client().waitContainerCmd(id).start().awaitStatusCode();
    List<String> read = new ArrayList<>();
    try (ContainerOutput output = new ContainerOutput(docker(), real()::rootDir)) {
      LogSource source = output.of(id, false);
      output.ended(id);
      try (LogSource.Stream stream = source.open(Optional.empty())) {
        for (Entry entry = stream.next(); entry != null; entry = stream.next()) {
          assertThat(entry.time()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z");
          read.add(shown(entry));
        }
      }
    }
    String part = "x".repeat(16 * 1024);
    assertThat(read)
        .contains("STDERR F err")
        .filteredOn(line -> line.startsWith("STDOUT"))
        .containsExactly(
            "STDOUT F out",
            "STDOUT F a\u00ff\0b",
            "STDOUT F ",
            "STDOUT P " + part,
            "STDOUT P " + part,
            "STDOUT F " + "x".repeat(40000 - 2 * 16 * 1024),
            "STDOUT P tail");
  }

  @Test
  void aChattyContainerLosesNoLineOverRotations() throws IOException {
    int lines = 500_000;
    String pad = "x".repeat(150);
    String id =
        real()
            .start(
                "exec awk 'BEGIN { for (i = 1; i <= "
                    + lines
                    + "; i++) print i, \""
                    + pad
                    + "\" }'");
    try (ContainerOutput output = new ContainerOutput(docker(), real()::rootDir);
        LogSource.Stream stream = output.of(id, false).open(Optional.empty())) {
      Thread.ofVirtual()
          .start(() -> {
            docker().client().waitContainerCmd(id).start().awaitStatusCode();
            output.ended(id);
          });
      for (int i = 1; i <= lines; i++) {
        assertThat(number(stream.next())).isEqualTo(i);
      }
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void aTerminalsOutputIsOneChannelAndKeepsItsLineEnds() throws IOException {
    String id = real().start(real().container().withTty(true), "echo out; echo err >&2");
    docker().client().waitContainerCmd(id).start().awaitStatusCode();
    try (ContainerOutput output = new ContainerOutput(docker(), real()::rootDir);
        LogSource.Stream files = output.of(id, true).open(Optional.empty());
        LogSource.Stream api = new DockerLogSource(docker(), id, true).open(Optional.empty())) {
      output.ended(id);
      for (LogSource.Stream stream : List.of(files, api)) {
        assertThat(shown(stream.next())).isEqualTo("STDOUT F out\r");
        assertThat(shown(stream.next())).isEqualTo("STDOUT F err\r");
        assertThat(stream.next()).isNull();
      }
    }
  }

  @Test
  void outputThatIsKeptOtherwiseIsReadThroughTheApi() throws IOException {
    LogConfig jsonFile = new LogConfig(LogConfig.LoggingType.JSON_FILE);
    String id =
        real()
            .start(
                real().container(),
                "echo one; head -c 20000 /dev/zero | tr '\\000' x; echo; echo; echo two",
                jsonFile);
    docker().client().waitContainerCmd(id).start().awaitStatusCode();
    List<String> read = new ArrayList<>();
    try (ContainerOutput output = new ContainerOutput(docker(), real()::rootDir);
        LogSource.Stream stream = output.of(id, false).open(Optional.empty())) {
      for (Entry entry = stream.next(); entry != null; entry = stream.next()) {
        read.add(shown(entry));
      }
    }
    assertThat(read)
        .containsExactly(
            "STDOUT F one",
            "STDOUT P " + "x".repeat(16 * 1024),
            "STDOUT F " + "x".repeat(20000 - 16 * 1024),
            "STDOUT F ",
            "STDOUT F two");
  }

  @Test
  void aHijackedStdinEndsAndTheOutputStillComes() throws IOException {
    String execId =
        docker()
            .client()
            .execCreateCmd(real().start("sleep 600"))
            .withCmd("/bin/sh", "-c", "cat; echo done")
            .withAttachStdin(true)
            .withAttachStdout(true)
            .exec()
            .getId();
    byte[] body = "{\"Detach\":false,\"Tty\":false}".getBytes(StandardCharsets.UTF_8);
    try (HttpExchange exchange =
        docker().upgrade("POST", "/exec/" + execId + "/start", body, Call.UNBOUNDED)) {
      try (OutputStream input = exchange.input()) {
        input.write("hello\n".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(new String(exchange.getBody().readAllBytes(), StandardCharsets.ISO_8859_1))
          .contains("hello\n")
          .endsWith("done\n");
    }
  }

  @Test
  void aPullFromASilentRegistryEndsWhenItsCallerGoesAway() throws Exception {
    try (ServerSocket silentRegistry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        PullImageResultCallback progress = new PullImageResultCallback()) {
      CompletableFuture<Runnable> hangUp = new CompletableFuture<>();
      Call caller =
          new Call() {
            @Override
            public Optional<Duration> remaining() {
              return Optional.empty();
            }

            @Override
            public boolean cancelled() {
              return false;
            }

            @Override
            public void onCancel(Runnable action) {
              hangUp.complete(action);
            }
          };
      String image = "127.0.0.1:" + silentRegistry.getLocalPort() + "/x";
      docker().client(caller).pullImageCmd(image).withTag("1").exec(progress);
      silentRegistry.setSoTimeout(10_000);
      try (Socket asking = silentRegistry.accept()) {
        assertThat(asking.isConnected()).isTrue();
        hangUp.get(10, TimeUnit.SECONDS).run();
        assertThatThrownBy(() -> progress.awaitCompletion(10, TimeUnit.SECONDS))
            .isInstanceOfSatisfying(
                RuntimeException.class,
                e -> assertThat(DockerErrors.of("pull", e).code()).isEqualTo(Code.CANCELLED));
      }
    }
  }

  @Test
  void theDaemonIsKnownByItsProcess() throws IOException {
    PeerIdentity peer = docker().peer();
    assertThat(peer.isRoot()).isTrue();
    assertThat(Files.readString(Path.of("/proc/" + peer.pid() + "/comm"))).isEqualTo("dockerd\n");
  }

  private RealDocker real() {
    return Objects.requireNonNull(real);
  }

  private DockerApi docker() {
    return real().api();
  }

  private static String shown(@Nullable Entry entry) {
    if (entry == null) {
      return "the end";
    }
    byte[] content = new byte[entry.content().remaining()];
    entry.content().get(content);
    return entry.channel()
        + (entry.partial() ? " P " : " F ")
        + new String(content, StandardCharsets.ISO_8859_1);
  }

  private static int number(@Nullable Entry entry) {
    if (entry == null) {
      return -1;
    }
    int number = 0;
    for (int i = entry.content().position(); entry.content().get(i) != ' '; i++) {
      number = number * 10 + entry.content().get(i) - '0';
    }
    return number;
  }
}
