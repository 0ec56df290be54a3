package io.intermodal.docker.session;

import static io.intermodal.docker.session.OutputFramesTest.frame;
import static io.intermodal.docker.transport.ScriptedDaemon.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.session.ExecSession.Outcome;
import io.intermodal.docker.transport.ScriptedDaemon;
import io.intermodal.docker.transport.ScriptedDaemon.Script;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ExecSessionTest {
  private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");
  private static final String UPGRADED =
      "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
  private static final String RUNNING = ok("{\"Running\":true,\"ExitCode\":null,\"Pid\":0}");
  private static final String EXITED = ok("{\"Running\":false,\"ExitCode\":3,\"Pid\":0}");

  @TempDir Path folder = Path.of("/");
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Deque<String> creations = new ConcurrentLinkedDeque<>();
  private final Deque<String> starts = new ConcurrentLinkedDeque<>();
  private final Deque<String> inspections = new ConcurrentLinkedDeque<>();
  private final Deque<String> resizes = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean containerRuns = new AtomicBoolean(true);

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  @Test
  void outputErrorsAndExitCodeReachTheClient() throws IOException {
    // Docker notes the exit code a moment later.
    inspections.add(RUNNING);
    ExecSession session =
        session(peer -> {
          peer.say(frame(1, "out"));
          peer.say(frame(2, "err"));
        });
    TestClient client = new TestClient(TestClient.OUTPUT);
    assertThat(session.attend(client)).isEqualTo(3);
    assertThat(client.outputText()).isEqualTo("out");
    assertThat(client.errorText()).isEqualTo("err");
    JsonObject create = bodyOf("/containers/c/exec");
    assertThat(create.get("Cmd")).hasToString("[\"run\",\"it\"]");
    assertThat(create.get("AttachStdin").getAsBoolean()).isFalse();
    assertThat(create.get("AttachStdout").getAsBoolean()).isTrue();
    assertThat(create.get("AttachStderr").getAsBoolean()).isTrue();
    assertThat(bodyOf("/exec/e/start")).hasToString("{\"Detach\":false,\"Tty\":false}");
  }

  @Test
  void theEndOfTheInputIsPassedOnAndTheOutputStillComes() throws Exception {
    ExecSession session = session(peer -> peer.say(frame(1, "heard " + peer.hearAll())));
    TestClient client = new TestClient(TestClient.ALL).type("one ").type("two").endInput();
    assertThat(session.attend(client)).isEqualTo(3);
    assertThat(client.outputText()).isEqualTo("heard one two");
  }

  @Test
  void aCommandThatEndsBeforeItsInputLeavesNobodyReadingThat() throws Exception {
    ExecSession session = session(peer -> peer.say(frame(1, peer.hear(3))));
    TestClient client = new TestClient(TestClient.ALL).type("abc");
    assertThat(session.attend(client)).isEqualTo(3);
    client.awaitNobodyReads();
  }

  @Test
  void aClientThatGoesAwayEndsTheRequestWhenTheCommandIsGone() throws Exception {
    CompletableFuture<String> hungUp = new CompletableFuture<>();
    inspections.add(RUNNING);
    inspections.add(RUNNING);
    ExecSession session =
        session(peer -> {
          peer.say(frame(1, "ready"));
          hungUp.complete(peer.hearAll());
        });
    TestClient client = new TestClient(TestClient.ALL);
    CompletableFuture<Outcome> outcome =
        CompletableFuture.supplyAsync(() -> session.run(client), Thread::startVirtualThread);
    client.awaitOutput("ready");
    client.leave();
    assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(new Outcome.Abandoned(true));
    assertThat(hungUp.get(5, TimeUnit.SECONDS)).isEmpty();
    assertThat(inspections).isEmpty();
    client.awaitNobodyReads();
  }

  @Test
  void aClientThatTakesNoMoreOutputHasGone() throws Exception {
    CompletableFuture<Void> left = new CompletableFuture<>();
    ExecSession session =
        session(peer -> {
          peer.say(frame(1, "a"));
          left.join();
          peer.say(frame(1, "b"));
          String _ = peer.hearAll();
        });
    TestClient client =
        new TestClient(TestClient.OUTPUT) {
          @Override
          public void onGone(Runnable action) {}
        };
    CompletableFuture<Outcome> outcome =
        CompletableFuture.supplyAsync(() -> session.run(client), Thread::startVirtualThread);
    client.awaitOutput("a");
    client.leave();
    left.complete(null);
    assertThat(outcome.get(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.Abandoned.class);
  }

  @Test
  void theSizeOfTheTerminalIsGivenAgainUntilDockerTakesIt() throws Exception {
    String refusal = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
    resizes.add(refusal);
    resizes.add(refusal);
    CompletableFuture<Void> end = new CompletableFuture<>();
    ExecSession session = session(peer -> end.join());
    TestClient client = new TestClient(TestClient.TERMINAL);
    client.resize(0, 0);
    CompletableFuture<Integer> code =
        CompletableFuture.supplyAsync(() -> session.attend(client), Thread::startVirtualThread);
    client.resize(120, 40);
    awaitAsked("/exec/e/resize?h=40&w=120", 3);
    client.resize(0, 0);
    client.resize(80, 25);
    awaitAsked("/exec/e/resize?h=25&w=80", 1);
    end.complete(null);
    assertThat(code.get(5, TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(asked).filteredOn(request -> request.contains("/resize")).hasSize(4);
    assertThat(bodyOf("/exec/e/start")).hasToString("{\"Detach\":false,\"Tty\":true}");
  }

  @ParameterizedTest
  @CsvSource({
    "404 Not Found, NOT_FOUND",
    "409 Conflict, FAILED_PRECONDITION",
    "500 Internal Server Error, UNKNOWN"
  })
  void aRefusalBecomesTheCodeThatFits(String status, Code code) throws IOException {
    String head = "HTTP/1.1 " + status + "\r\nContent-Length: ";
    creations.add(head + "21\r\n\r\n{\"message\":\"not now\"}");
    creations.add("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"Id\":\"e\"}");
    starts.add(head + "8\r\n\r\nnot now\n");
    ExecSession session = session(peer -> {});
    for (int refusal = 0; refusal < 2; refusal++) {
      assertThatThrownBy(() -> session.attend(new TestClient(TestClient.OUTPUT)))
          .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
          .hasMessage("exec in container c: not now");
    }
  }

  @Test
  void aResultThatDockerLostWithTheContainerIsSaid() throws IOException {
    containerRuns.set(false);
    ExecSession session =
        session(peer -> {
          String _ = peer.hearAll();
        });
    assertThatThrownBy(() -> session.attend(new TestClient(TestClient.OUTPUT)))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNKNOWN))
        .hasMessageContaining("the container ended");
  }

  @Test
  void aDockerThatDiesWithinTheOutputIsSaid() throws IOException {
    ExecSession session = session(peer -> peer.say(Arrays.copyOf(frame(1, "lost"), 10)));
    assertThatThrownBy(() -> session.attend(new TestClient(TestClient.OUTPUT)))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
  }

  private ExecSession session(Script process) throws IOException {
    Path socket = folder.resolve("d.sock");
    opened.add(new ScriptedDaemon(socket, peer -> serve(peer, process)));
    DockerApi docker = DockerApi.open("unix://" + socket);
    opened.add(docker);
    return new ExecSession(docker, "c", List.of("run", "it"), containerRuns::get);
  }

  private void serve(ScriptedDaemon.Peer peer, Script process) throws IOException {
    for (String request = peer.request(); !request.isEmpty(); request = peer.request()) {
      Matcher length = LENGTH.matcher(request);
      String body = length.find() ? peer.hear(Integer.parseInt(length.group(1))) : "";
      asked.add(request.lines().findFirst().orElseThrow() + "\n" + body);
      if (request.contains("/containers/c/exec ")) {
        String created = "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"Id\":\"e\"}";
        peer.say(next(creations, created));
      } else if (request.contains("/exec/e/json ")) {
        peer.say(next(inspections, EXITED));
      } else if (request.contains("/exec/e/resize?")) {
        peer.say(next(resizes, ok("")));
      } else {
        String answer = next(starts, UPGRADED);
        peer.say(answer);
        if (answer.equals(UPGRADED)) {
          process.play(peer);
          return;
        }
      }
    }
  }

  private static String next(Deque<String> answers, String otherwise) {
    @Nullable String answer = answers.poll();
    return answer == null ? otherwise : answer;
  }

  private void awaitAsked(String path, int times) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (asked.stream().filter(request -> request.contains(path)).count() < times) {
      assertThat(System.nanoTime()).as("asked: %s", asked).isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  private JsonObject bodyOf(String path) {
    String request =
        asked.stream().filter(line -> line.contains(path + " ")).findFirst().orElseThrow();
    return JsonParser.parseString(request.substring(request.indexOf('\n') + 1)).getAsJsonObject();
  }
}
