package io.intermodal.docker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.CreateContainerCmd;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.docker.api.RealDocker;
import io.intermodal.docker.session.ExecSession.Outcome;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions with the processes of a real dockerd. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealSessionTest {
  private static final String TICKING =
      "(while sleep 0.1; do echo tick; done) & cat; echo input ended; wait";

  private @Nullable RealDocker real;
  private String sleeper = "";

  @BeforeAll
  void connect() throws IOException {
    real = RealDocker.connect();
    sleeper = real.start("sleep 600");
  }

  @AfterAll
  void removeAll() {
    if (real != null) {
      real.close();
    }
  }

  @Test
  void aCommandsOutputsAndExitCodeComeApart() {
    ExecSyncResponse result = sync(Optional.empty(), "echo out; echo err >&2; exit 3");
    assertThat(result.getStdout().toStringUtf8()).isEqualTo("out\n");
    assertThat(result.getStderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(result.getExitCode()).isEqualTo(3);
  }

  @Test
  void outputBeyondSixteenMebibytesIsDropped() {
    ExecSyncResponse result = sync(Optional.empty(), "head -c 20000000 /dev/zero; echo end >&2");
    assertThat(result.getStdout().size() + result.getStderr().size()).isEqualTo(16 << 20);
    assertThat(result.getExitCode()).isZero();
  }

  @Test
  void aMissingCommandIsSaid() {
    ExecSyncResponse result =
        ExecSync.run(
            real().api(),
            sleeper,
            List.of("/no/such"),
            Optional.empty(),
            () -> true,
            Call.UNBOUNDED);
    assertThat(result.getExitCode()).isBetween(126, 127);
    assertThat(result.getStdout().toStringUtf8() + result.getStderr().toStringUtf8())
        .contains("no such file or directory");
  }

  @Test
  void aCommandOverItsTimeoutIsGoneWithItsChildren() throws IOException {
    assertThatThrownBy(
            () -> sync(Optional.of(Duration.ofSeconds(1)), "sleep 4711 & sleep 4711; sleep 4711"))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.DEADLINE_EXCEEDED))
        .hasMessage("exec in container " + sleeper + " took longer than 1 s and was killed");
    assertThat(RealDocker.processes("sleep\0" + "4711")).isEmpty();
    assertThat(real().runs(sleeper)).isTrue();
  }

  @Test
  void execInWhatDoesNotExistOrRunIsRefused() {
    assertThat(refusalOf(exec("0123456789ab", "true"))).isEqualTo(Code.NOT_FOUND);
    String ended = real().start("true");
    real().api().client().waitContainerCmd(ended).start().awaitStatusCode();
    assertThat(refusalOf(exec(ended, "true"))).isEqualTo(Code.FAILED_PRECONDITION);
    String paused = real().start("sleep 600");
    real().api().client().pauseContainerCmd(paused).exec();
    assertThat(refusalOf(exec(paused, "true"))).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refusalOf(attach(paused, false))).isEqualTo(Code.FAILED_PRECONDITION);
  }

  @Test
  void whatGoesThroughCatComesBackEqualAndEnds() {
    byte[] sent = new byte[8 << 20];
    new Random(1).nextBytes(sent);
    TestClient client = new TestClient(TestClient.ALL).type(sent).endInput();
    assertThat(exec(sleeper, "exec cat").attend(client)).isZero();
    assertThat(client.output()).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "exit 3, 3", "kill -9 $$, 137", "nosuch, 127"})
  void theExitCodeIsTheCommands(String script, int code) {
    assertThat(exec(sleeper, script).attend(new TestClient(TestClient.OUTPUT))).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"/no/such, no such file or directory", "/etc, permission denied"})
  void aCommandThatCannotBeStartedIsSaidInTheOutput(String command, String said) {
    TestClient client = new TestClient(TestClient.OUTPUT);
    ExecSession session = new ExecSession(real().api(), sleeper, List.of(command), () -> true);
    assertThat(session.attend(client)).isEqualTo(126);
    assertThat(client.outputText() + client.errorText()).contains(said);
  }

  @Test
  void aCommandEndsAlthoughItsClientStillTypes() throws Exception {
    TestClient client = new TestClient(TestClient.ALL).type("one\n");
    assertThat(exec(sleeper, "head -n 1; exit 5").attend(client)).isEqualTo(5);
    assertThat(client.outputText()).isEqualTo("one\n");
    client.awaitNobodyReads();
  }

  @Test
  void aCommandThatClosesItsOutputIsWaitedFor() throws Exception {
    TestClient client = new TestClient(TestClient.OUTPUT);
    CompletableFuture<Integer> code =
        attended(exec(sleeper, "exec >/dev/null 2>&1; sleep 2; exit 6"), client);
    assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(6);
  }

  /** Docker gives the child two seconds. */
  @Test
  void aChildThatKeepsTheOutputOpenDoesNotKeepTheSession() throws Exception {
    TestClient client = new TestClient(TestClient.OUTPUT);
    CompletableFuture<Integer> code =
        attended(exec(sleeper, "sleep 4714 & echo ready; exit 6"), client);
    assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(6);
    assertThat(client.outputText()).isEqualTo("ready\n");
    assertThat(RealDocker.processes("sleep\0" + "4714")).hasSize(1);
  }

  @Test
  void theTerminalHasTheSizeOfTheClientsAndFollowsIt() throws Exception {
    TestClient client = new TestClient(TestClient.TERMINAL);
    client.resize(100, 40);
    CompletableFuture<Integer> shell =
        attended(exec(sleeper, "while read -r line; do stty size; done; exit 4"), client);
    awaitSize(client, "40 100");
    client.resize(120, 30);
    awaitSize(client, "30 120");
    client.type("\4");
    assertThat(shell.get(10, TimeUnit.SECONDS)).isEqualTo(4);
  }

  @Test
  void aTerminalTakesEveryKey() throws Exception {
    TestClient client = new TestClient(TestClient.TERMINAL);
    CompletableFuture<Integer> code =
        attended(exec(sleeper, "stty raw -echo; echo ready; head -c 2; echo; exit 7"), client);
    client.awaitOutput("ready");
    client.type("\20");
    client.type("\21");
    client.awaitOutput("\20\21");
    assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(7);
  }

  @Test
  void aClientThatGoesAwayTakesItsCommandAlongWithinASecond() throws Exception {
    TestClient client = new TestClient(TestClient.ALL);
    ExecSession session = exec(sleeper, "sleep 4712 & echo started; sleep 4712; sleep 4712");
    CompletableFuture<Outcome> outcome =
        CompletableFuture.supplyAsync(() -> session.run(client), Thread::startVirtualThread);
    client.awaitOutput("started");
    assertThat(RealDocker.processes("sleep\0" + "4712")).isNotEmpty();
    client.leave();
    assertThat(outcome.get(1, TimeUnit.SECONDS)).isEqualTo(new Outcome.Abandoned(true));
    assertThat(RealDocker.processes("sleep\0" + "4712")).isEmpty();
    client.awaitNobodyReads();
  }

  @Test
  void aClientThatGoesAwayAtOnceLeavesNothingBehind() throws Exception {
    TestClient client = new TestClient(TestClient.OUTPUT);
    ExecSession session = exec(sleeper, "sleep 4713");
    client.leave();
    assertThat(session.run(client)).isEqualTo(new Outcome.Abandoned(true));
    assertThat(RealDocker.processes("sleep\0" + "4713")).isEmpty();
  }

  @Test
  void aCommandEndsWithItsContainer() throws Exception {
    String container = real().start("sleep 600");
    TestClient client = new TestClient(TestClient.OUTPUT);
    ExecSession session =
        new ExecSession(
            real().api(),
            container,
            List.of("/bin/sh", "-c", "echo ready; sleep 600"),
            () -> real().runs(container));
    CompletableFuture<Object> end =
        CompletableFuture.supplyAsync(() -> resultOf(session, client), Thread::startVirtualThread);
    client.awaitOutput("ready");
    real().api().client().killContainerCmd(container).exec();
    assertThat(end.get(20, TimeUnit.SECONDS)).isIn(137, Code.UNKNOWN);
  }

  @Test
  void anAttachedClientSeesTheOutputAndTypesAndLeavesTheContainerAlone() throws Exception {
    String container = real().start(open(false, false), TICKING);
    TestClient client = new TestClient(TestClient.ALL).type("typed\n");
    CompletableFuture<Integer> end = attended(attach(container, false), client);
    client.awaitOutput("typed");
    client.awaitOutput("tick");
    client.leave();
    assertThat(end.get(5, TimeUnit.SECONDS)).isZero();
    client.awaitNobodyReads();
    TestClient next = new TestClient(TestClient.ALL).type("again\n");
    CompletableFuture<Integer> nextEnd = attended(attach(container, false), next);
    next.awaitOutput("again");
    next.endInput();
    assertThat(nextEnd.get(5, TimeUnit.SECONDS)).isZero();
    assertThat(next.outputText()).doesNotContain("input ended");
    assertThat(real().runs(container)).isTrue();
  }

  @Test
  void anInputThatIsOpenedOnceEndsWithTheClientsAndTheOutputGoesOn() throws Exception {
    String container = real().start(open(true, false), "cat; echo input ended; sleep 0.3; exit 3");
    TestClient client = new TestClient(TestClient.ALL).type("typed\n").endInput();
    assertThat(attach(container, false).attend(client)).isZero();
    assertThat(client.outputText()).isEqualTo("typed\ninput ended\n");
  }

  @Test
  void anAttachedTerminalIsNotFramedAndFollowsTheClients() throws Exception {
    String container = real().start(open(false, true), "while read -r line; do stty size; done");
    TestClient client = new TestClient(TestClient.TERMINAL);
    client.resize(101, 41);
    CompletableFuture<Integer> end = attended(attach(container, true), client);
    awaitSize(client, "41 101");
    assertThat(client.outputText()).doesNotContain("\0");
    client.type("\4");
    assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void anAttachThatComesTooLateEnds() throws Exception {
    String ended = real().start("true");
    real().api().client().waitContainerCmd(ended).start().awaitStatusCode();
    CompletableFuture<Integer> end =
        attended(attach(ended, false), new TestClient(TestClient.OUTPUT));
    assertThat(end.get(5, TimeUnit.SECONDS)).isZero();
  }

  /** Types until the terminal's program says this size. */
  private static void awaitSize(TestClient client, String size) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!client.outputText().contains(size)) {
      assertThat(System.nanoTime()).as(client.outputText()).isLessThan(deadline);
      client.type("\n");
      Thread.sleep(50);
    }
  }

  private static CompletableFuture<Integer> attended(Session session, TestClient client) {
    return CompletableFuture.supplyAsync(() -> session.attend(client), Thread::startVirtualThread);
  }

  private static Object resultOf(Session session, TestClient client) {
    try {
      return session.attend(client);
    } catch (CriException e) {
      return e.code();
    }
  }

  private static Object refusalOf(Session session) {
    return resultOf(session, new TestClient(TestClient.OUTPUT));
  }

  private ExecSession exec(String container, String script) {
    return new ExecSession(real().api(), container, List.of("/bin/sh", "-c", script), () -> true);
  }

  private AttachSession attach(String container, boolean terminal) {
    return new AttachSession(real().api(), container, terminal, () -> real().runs(container));
  }

  private CreateContainerCmd open(boolean once, boolean terminal) {
    return real().container().withStdinOpen(true).withStdInOnce(once).withTty(terminal);
  }

  private ExecSyncResponse sync(Optional<Duration> timeout, String script) {
    return ExecSync.run(
        real().api(),
        sleeper,
        List.of("/bin/sh", "-c", script),
        timeout,
        () -> true,
        Call.UNBOUNDED);
  }

  private RealDocker real() {
    return Objects.requireNonNull(real);
  }
}
