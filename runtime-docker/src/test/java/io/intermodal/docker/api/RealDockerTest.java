package io.intermodal.docker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.intermodal.docker.output.ContainerOutput;
import io.intermodal.docker.transport.HttpExchange;
import io.intermodal.docker.transport.UnixHttpClient;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.LogSource;
import io.intermodal.runtime.node.LogSource.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The same against a real dockerd: {@code -Ddocker.endpoint=unix:///…}. Its image is made of the
 * host's static busybox.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealDockerTest {
  private static final String IMAGE = "intermodal-transport-test:1";
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private final List<String> containers = new ArrayList<>();
  private DockerApi docker = DockerApi.open("unix:///nowhere");
  private @Nullable EngineFacts facts;
  private String sleeper = "";

  @BeforeAll
  void connect() throws IOException {
    String endpoint = System.getProperty("docker.endpoint", "");
    if (endpoint.isEmpty()) {
      abort("no -Ddocker.endpoint=unix:///… was given");
    }
    if (!Files.exists(BUSYBOX)) {
      abort("no /bin/busybox to make an image of: install busybox-static");
    }
    docker.close();
    docker = DockerApi.open(endpoint);
    facts = docker.negotiate();
    importImage(Path.of(URI.create(endpoint).getPath()));
    sleeper = start("sleep 600");
  }

  @AfterAll
  void removeAll() {
    for (String id : containers) {
      docker.client().removeContainerCmd(id).withForce(true).exec();
    }
    docker.close();
  }

  @Test
  void outputIsReadFromItsFilesAsItWasWritten() throws IOException {
    String id =
        start(
            "echo out; echo err >&2; printf 'a\\377\\000b\\n'; echo;"
                + " head -c 40000 /dev/zero | tr '\\000' x; echo; printf tail");
    docker.client().waitContainerCmd(id).start().awaitStatusCode();
    List<String> read = new ArrayList<>();
    try (ContainerOutput output = new ContainerOutput(docker, this::rootDir)) {
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
        start("exec awk 'BEGIN { for (i = 1; i <= " + lines + "; i++) print i, \"" + pad + "\" }'");
    try (ContainerOutput output = new ContainerOutput(docker, this::rootDir);
        LogSource.Stream stream = output.of(id, false).open(Optional.empty())) {
      Thread.ofVirtual()
          .start(() -> {
            docker.client().waitContainerCmd(id).start().awaitStatusCode();
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
    String id =
        start(docker.client().createContainerCmd(IMAGE).withTty(true), "echo out; echo err >&2");
    docker.client().waitContainerCmd(id).start().awaitStatusCode();
    try (ContainerOutput output = new ContainerOutput(docker, this::rootDir);
        LogSource.Stream files = output.of(id, true).open(Optional.empty());
        LogSource.Stream api = new DockerLogSource(docker, id, true).open(Optional.empty())) {
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
        start(
            docker.client().createContainerCmd(IMAGE),
            "echo one; head -c 20000 /dev/zero | tr '\\000' x; echo; echo; echo two",
            jsonFile);
    docker.client().waitContainerCmd(id).start().awaitStatusCode();
    List<String> read = new ArrayList<>();
    try (ContainerOutput output = new ContainerOutput(docker, this::rootDir);
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
  void aCommandsOutputsAndExitCodeComeApart() {
    ExecRun.Result result = exec(Optional.empty(), "echo out; echo err >&2; exit 3");
    assertThat(result.stdout().toStringUtf8()).isEqualTo("out\n");
    assertThat(result.stderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(result.exitCode()).isEqualTo(3);
  }

  @Test
  void outputBeyondSixteenMebibytesIsDropped() {
    ExecRun.Result result = exec(Optional.empty(), "head -c 20000000 /dev/zero; echo end >&2");
    assertThat(result.stdout().size() + result.stderr().size()).isEqualTo(16 << 20);
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void aMissingCommandIsSaid() {
    ExecRun.Result result =
        new ExecRun(docker)
            .run(sleeper, List.of("/no/such"), Optional.empty(), () -> true, Call.UNBOUNDED);
    assertThat(result.exitCode()).isBetween(126, 127);
    assertThat(result.stdout().toStringUtf8() + result.stderr().toStringUtf8())
        .contains("no such file or directory");
  }

  @Test
  void aCommandOverItsTimeoutIsGoneWithItsChildren() throws IOException {
    assertThatThrownBy(
            () -> exec(Optional.of(Duration.ofSeconds(1)), "sleep 4711 & sleep 4711; sleep 4711"))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.DEADLINE_EXCEEDED))
        .hasMessageContaining("was killed");
    assertThat(processes("sleep\0" + "4711")).isEmpty();
    assertThat(docker.client().inspectContainerCmd(sleeper).exec().getState().getRunning())
        .isTrue();
  }

  @Test
  void execInWhatDoesNotExistOrRunIsRefused() {
    assertThatThrownBy(() ->
            new ExecRun(docker)
                .run("0123456789ab", List.of("true"), Optional.empty(), () -> true, Call.UNBOUNDED))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    String ended = start("true");
    docker.client().waitContainerCmd(ended).start().awaitStatusCode();
    assertThatThrownBy(() ->
            new ExecRun(docker)
                .run(ended, List.of("true"), Optional.empty(), () -> true, Call.UNBOUNDED))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED_PRECONDITION));
  }

  @Test
  void aHijackedStdinEndsAndTheOutputStillComes() throws IOException {
    String execId =
        docker
            .client()
            .execCreateCmd(sleeper)
            .withCmd("/bin/sh", "-c", "cat; echo done")
            .withAttachStdin(true)
            .withAttachStdout(true)
            .exec()
            .getId();
    byte[] body = "{\"Detach\":false,\"Tty\":false}".getBytes(StandardCharsets.UTF_8);
    try (HttpExchange exchange =
        docker.upgrade("POST", "/exec/" + execId + "/start", body, Call.UNBOUNDED)) {
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
      docker.client(caller).pullImageCmd(image).withTag("1").exec(progress);
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
    PeerIdentity peer = docker.peer();
    assertThat(peer.isRoot()).isTrue();
    assertThat(Files.readString(Path.of("/proc/" + peer.pid() + "/comm"))).isEqualTo("dockerd\n");
  }

  private Path rootDir() {
    return Objects.requireNonNull(facts).rootDir();
  }

  private ExecRun.Result exec(Optional<Duration> timeout, String script) {
    return new ExecRun(docker)
        .run(sleeper, List.of("/bin/sh", "-c", script), timeout, () -> true, Call.UNBOUNDED);
  }

  private String start(String script) {
    return start(docker.client().createContainerCmd(IMAGE), script);
  }

  private String start(CreateContainerCmd create, String script) {
    return start(create, script, ContainerOutput.config());
  }

  private String start(CreateContainerCmd create, String script, LogConfig log) {
    String id =
        create
            .withCmd("/bin/sh", "-c", script)
            .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none").withLogConfig(log))
            .exec()
            .getId();
    containers.add(id);
    docker.client().startContainerCmd(id).exec();
    return id;
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

  private static List<String> processes(String commandLine) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        try {
          if (Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
              .contains(commandLine)) {
            found.add(process.toString());
          }
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("/proc/");
        }
      }
    }
    return found;
  }

  /** docker-java's own command for this sends an empty JSON object instead of the stream. */
  private static void importImage(Path socket) throws IOException {
    Request request =
        Request.builder()
            .method(Request.Method.POST)
            .path("/images/create?fromSrc=-&repo=intermodal-transport-test&tag=1")
            .body(new ByteArrayInputStream(imageTar()))
            .build();
    try (UnixHttpClient http = new UnixHttpClient(socket);
        Response response = http.execute(request)) {
      assertThat(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8))
          .contains("sha256:");
    }
  }

  /** A root folder with busybox under the names that the scripts use. */
  private static byte[] imageTar() throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    byte[] busybox = Files.readAllBytes(BUSYBOX);
    tar.writeBytes(tarHeader("bin/busybox", busybox.length, '0', ""));
    tar.writeBytes(busybox);
    tar.writeBytes(new byte[(512 - busybox.length % 512) % 512]);
    for (String name :
        List.of("sh", "sleep", "echo", "head", "tr", "awk", "cat", "true", "printf")) {
      tar.writeBytes(tarHeader("bin/" + name, 0, '2', "busybox"));
    }
    tar.writeBytes(new byte[1024]);
    return tar.toByteArray();
  }

  private static byte[] tarHeader(String name, long size, char type, String link) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000755");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(size));
    put(header, 136, "00000000000");
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, "ustar");
    put(header, 263, "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
