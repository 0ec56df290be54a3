package io.intermodal.server.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.runtime.Call;
import io.intermodal.server.Client;
import io.intermodal.server.ReadyEngine;
import io.intermodal.server.command.CommandLineProgram;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.grpc.ServedScript;
import io.intermodal.server.serve.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command against whole servers. */
@Timeout(60)
class NodeStatusTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void one_translated_engine_is_asked_for_health_and_content() throws Exception {
    try (var _ = server("scripted")) {
      assertThat(json()).isZero();

      JsonObject report = report();
      assertThat(report.get("ready").getAsBoolean()).isTrue();
      assertThat(report.getAsJsonObject("server").get("pid").getAsLong())
          .isEqualTo(ProcessHandle.current().pid());
      assertThat(report.getAsJsonArray("engines")).hasSize(1);
      assertThat(engine(report, 0))
          .hasToString(
              "{\"name\":\"scripted\",\"default\":true,\"kind\":\"translated\",\"version\":\"1\","
                  + "\"health\":\"ready\",\"runtimeHandlers\":[\"kata\"],\"pods\":1,"
                  + "\"containers\":2,\"images\":3,\"countsAreLastKnown\":false}");
    }
  }

  @Test
  void one_forwarded_engine_is_asked_on_its_own_socket() throws Exception {
    try (var _ = ServedScript.at(engineSocket(), new ReadyEngine("containerd"));
        var _ = server("containerd")) {
      assertThat(json()).isZero();

      assertThat(engine(report(), 0))
          .hasToString(
              "{\"name\":\"containerd\",\"default\":true,\"kind\":\"forwarded\",\"version\":\"1\","
                  + "\"socket\":\"unix://%s\",".formatted(engineSocket())
                  + "\"health\":\"ready\",\"runtimeHandlers\":[\"kata\"],\"pods\":1,"
                  + "\"containers\":2,\"images\":3,\"countsAreLastKnown\":false}");
    }
  }

  @Test
  void calls_of_callers_are_timed_and_our_own_are_not() throws Exception {
    try (var _ = server("scripted");
        Client client = new Client(socket())) {
      assertThat(json()).isZero();
      for (int i = 0; i < 3; i++) {
        var _ = client.runtime().version(VersionRequest.getDefaultInstance());
      }
      var gone = ContainerStatusRequest.newBuilder().setContainerId("gone").build();
      assertFails(() -> client.runtime().containerStatus(gone));

      assertThat(json()).isZero();

      JsonObject calls = engine(report(), 0).getAsJsonObject("calls");
      assertThat(calls.get("count").getAsInt()).isEqualTo(4);
      assertThat(calls.get("failed").getAsInt()).isEqualTo(1);
      assertThat(calls.get("slowestMillis").getAsDouble())
          .isGreaterThanOrEqualTo(calls.get("medianMillis").getAsDouble())
          .isPositive();
    }
  }

  @Test
  void of_several_engines_the_default_one_is_first_and_handlers_are_called_as_a_class_does()
      throws Exception {
    try (var _ = ServedScript.at(engineSocket(), new ReadyEngine("containerd"));
        var _ = server("scripted,containerd", "runtime-handlers", "strong=containerd/kata")) {
      assertThat(json()).isZero();

      JsonObject first = engine(report(), 0);
      JsonObject second = engine(report(), 1);
      assertThat(first.get("name").getAsString()).isEqualTo("scripted");
      assertThat(first.get("default").getAsBoolean()).isTrue();
      assertThat(first.getAsJsonArray("runtimeHandlers"))
          .hasToString("[\"kata\",\"scripted\",\"scripted/kata\"]");
      assertThat(second.get("default").getAsBoolean()).isFalse();
      assertThat(second.getAsJsonArray("runtimeHandlers"))
          .hasToString("[\"containerd\",\"containerd/kata\",\"strong\"]");
    }
  }

  @Test
  void an_engine_that_went_away_shows_what_was_last_on_it_and_fails_the_command() throws Exception {
    try (ServedScript containerd = ServedScript.at(engineSocket(), new ReadyEngine("containerd"));
        var _ = server("scripted,containerd")) {
      awaitFile(folder.resolve("state/containerd/content/images"));
      containerd.stopServer();

      assertThat(json()).isEqualTo(1);

      assertThat(engine(report(), 0).get("health").getAsString()).isEqualTo("ready");
      JsonObject away = engine(report(), 1);
      assertThat(away.get("health").getAsString()).isEqualTo("away");
      assertThat(away.get("why").getAsString())
          .startsWith("containerd does not answer on unix://" + engineSocket());
      assertThat(away.get("countsAreLastKnown").getAsBoolean()).isTrue();
      assertThat(away.get("containers").getAsInt()).isEqualTo(2);
    }
  }

  @Test
  void an_engine_that_hangs_costs_its_own_row_alone() throws Exception {
    try (var _ = listener(engineSocket());
        var _ = server("scripted,containerd")) {
      assertThat(json()).isEqualTo(1);

      assertThat(engine(report(), 0).get("health").getAsString()).isEqualTo("ready");
      assertThat(engine(report(), 1).get("health").getAsString()).isEqualTo("away");
      assertThat(engine(report(), 1).get("why").getAsString())
          .isEqualTo("it does not answer within 2 s");
      assertThat(engine(report(), 1).has("pods")).isFalse();
    }
  }

  @Test
  void an_engine_that_says_it_is_not_ready_is_not_and_fails_the_command() throws Exception {
    ReadyEngine withoutNetwork =
        new ReadyEngine("containerd") {
          @Override
          public StatusResponse status(StatusRequest request, Call call) {
            StatusResponse.Builder status = StatusResponse.newBuilder();
            status.getStatusBuilder().addConditions(condition("RuntimeReady", true));
            status
                .getStatusBuilder()
                .addConditions(
                    condition("NetworkReady", false).toBuilder()
                        .setReason("NetworkPluginNotReady")
                        .setMessage("cni plugin not initialized"));
            return status.build();
          }
        };
    try (var _ = ServedScript.at(engineSocket(), withoutNetwork);
        var _ = server("containerd")) {
      assertThat(status("-r", "unix://" + socket())).isEqualTo(1);

      assertThat(printed(out))
          .contains(
              "\ncontainerd is not ready: NetworkReady: NetworkPluginNotReady:"
                  + " cni plugin not initialized\n");
    }
  }

  @Test
  void another_cri_server_is_shown_as_far_as_cri_goes() throws Exception {
    try (var _ = ServedScript.at(socket(), new ReadyEngine("other"))) {
      assertThat(status("-r", "unix://" + socket())).isZero();

      assertThat(printed(out))
          .isEqualTo(
              """
              %1$s is another CRI server's, or an older intermodal's: this is what it says over CRI

              ENGINE  KIND  VERSION  HEALTH  PODS  CONTAINERS  IMAGES  CALLS  FAILED  MEDIAN  SLOWEST
              other   -     1        ready      1           2       3      -       -       -        -

              ENGINE  %2$s  RUNTIME HANDLERS
              other   %1$s  kata
              """
                  .formatted(
                      "unix://" + socket(),
                      "SOCKET" + " ".repeat(("unix://" + socket()).length() - "SOCKET".length())));
    }
  }

  @Test
  void a_socket_that_nobody_serves_is_one_line_that_says_so() {
    assertThat(status("-r", "unix://" + socket())).isEqualTo(1);

    assertThat(printed(err))
        .startsWith("intermodal status: nobody answers on unix://" + socket())
        .hasLineCount(1);
    assertThat(printed(out)).isEmpty();
  }

  @Test
  void a_socket_where_something_else_is_spoken_is_one_line_that_says_so() throws Exception {
    try (ServerSocketChannel web = listener(socket())) {
      Thread answers =
          Thread.startVirtualThread(() -> {
            try (SocketChannel client = web.accept()) {
              client.read(ByteBuffer.allocate(1000));
              client.write(
                  ByteBuffer.wrap(
                      "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });

      assertThat(status("-r", "unix://" + socket())).isEqualTo(1);

      assertThat(printed(err))
          .startsWith(
              "intermodal status: what listens on unix://%s does not speak CRI".formatted(socket()))
          .hasLineCount(1);
      answers.join();
    }
  }

  @Test
  void what_cannot_be_meant_is_refused() {
    assertThat(status("-r", "tcp://x")).isEqualTo(2);
    assertThat(status("-o", "song")).isEqualTo(2);
  }

  /** Pairs of a setting and its value may follow. */
  private RunningServer server(String engines, String... more) throws IOException {
    Map<String, String> flags = new HashMap<>();
    flags.put("container-runtime", engines);
    flags.put("listen", "unix://" + socket());
    flags.put("state-dir", folder.resolve("state").toString());
    flags.put("containerd-endpoint", "unix://" + engineSocket());
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    return RunningServer.start(Configuration.load(flags, Map.of()), Map.of());
  }

  private Path socket() {
    return folder.resolve("cri.sock");
  }

  private Path engineSocket() {
    return folder.resolve("engine.sock");
  }

  /** Takes connections, and says nothing. */
  private static ServerSocketChannel listener(Path socket) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }

  private static void awaitFile(Path file) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("no %s", file).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static void assertFails(ThrowingCallable call) {
    assertThat(catchThrowable(call)).isNotNull();
  }

  private int json() {
    return status("-r", "unix://" + socket(), "-o", "json");
  }

  private int status(String... arguments) {
    out.reset();
    List<String> all = new ArrayList<>(List.of("status"));
    all.addAll(List.of(arguments));
    return new CommandLineProgram(
            CommandLineProgram.standard(),
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(all.toArray(String[]::new));
  }

  private JsonObject report() {
    return JsonParser.parseString(printed(out)).getAsJsonObject();
  }

  private static JsonObject engine(JsonObject report, int index) {
    return report.getAsJsonArray("engines").get(index).getAsJsonObject();
  }

  private static String printed(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
