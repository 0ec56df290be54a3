package io.intermodal.docker.transport;

import static io.intermodal.docker.transport.ScriptedDaemon.always;
import static io.intermodal.docker.transport.ScriptedDaemon.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Request.Method;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.intermodal.docker.transport.RequestDeadlines.Deadline;
import io.intermodal.docker.transport.ScriptedDaemon.Script;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CurrentRpc;
import io.intermodal.runtime.EngineFigures.Requests;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class UnixHttpClientTest {
  @TempDir Path folder = Path.of("/");
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  @Test
  void aBodyOfKnownLengthIsReadAndItsConnectionUsedAgain() throws IOException {
    ScriptedDaemon daemon = daemon(always(ok("{\"a\":1}")));
    UnixHttpClient client = client();
    assertThat(text(client.execute(get("/a")))).isEqualTo("{\"a\":1}");
    assertThat(text(client.execute(get("/b")))).isEqualTo("{\"a\":1}");
    assertThat(daemon.connections()).isEqualTo(1);
    assertThat(daemon.requests().get(1)).startsWith("GET /b HTTP/1.1\r\nHost: docker\r\n");
  }

  @Test
  void requests_are_counted_by_kind_and_by_the_rpc_that_caused_them() throws IOException {
    daemon(always(ok("")));
    UnixHttpClient client = client();
    for (String id : List.of("/containers/1/json", "/containers/2/json")) {
      String answer = CurrentRpc.during("ContainerStatus", () -> text(client.execute(get(id))));
      assertThat(answer).isEmpty();
    }
    assertThat(text(client.execute(get("/containers/1/json")))).isEmpty();

    assertThat(client.counts().snapshot())
        .containsExactlyInAnyOrder(
            new Requests("ContainerStatus", "GET /containers/{}/json", 2),
            new Requests("", "GET /containers/{}/json", 1));
  }

  @Test
  void aChunkedBodyIsPutTogetherWhateverItsPieces() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
      peer.say("cde\r");
      peer.say("\n3;ext=1\r\nfgh\r\n0\r\nTrailer: x\r\n\r\n");
      peer.request();
      peer.say(ok("next"));
    });
    UnixHttpClient client = client();
    assertThat(text(client.execute(get("/")))).isEqualTo("abcdefgh");
    assertThat(text(client.execute(get("/")))).isEqualTo("next");
  }

  @Test
  void oneReadTakesAllChunksThatHaveArrived() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    daemon(peer -> {
      peer.request();
      peer.say(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n2\r\ncd\r\n");
      said.countDown();
      peer.hear(1);
    });
    try (Response response = client().execute(get("/containers/x/logs"))) {
      assertThat(said.await(10, TimeUnit.SECONDS)).isTrue();
      byte[] buffer = new byte[100];
      assertThat(response.getBody().read(buffer)).isEqualTo(4);
      assertThat(response.getBody().available()).isZero();
    }
  }

  @Test
  void aBodyWithoutLengthEndsWithItsConnection() throws IOException {
    ScriptedDaemon daemon =
        daemon(peer -> {
          peer.request();
          peer.say("HTTP/1.1 200 OK\r\n\r\nuntil the end");
          peer.hangUp();
        });
    UnixHttpClient client = client();
    assertThat(text(client.execute(get("/")))).isEqualTo("until the end");
    assertThat(text(client.execute(get("/")))).isEqualTo("until the end");
    assertThat(daemon.connections()).isEqualTo(2);
  }

  @Test
  void anAnswerWithoutBodyLeavesItsConnectionForTheNext() throws IOException {
    ScriptedDaemon daemon = daemon(always("HTTP/1.1 204 No Content\r\n\r\n"));
    UnixHttpClient client = client();
    assertThat(text(client.execute(post("/containers/x/start")))).isEmpty();
    assertThat(text(client.execute(post("/containers/x/start")))).isEmpty();
    assertThat(daemon.connections()).isEqualTo(1);
    assertThat(daemon.requests().getFirst()).contains("Content-Length: 0\r\n");
  }

  @Test
  void whatAReaderLeftUnreadIsTakenOffTheConnection() throws IOException {
    ScriptedDaemon daemon =
        daemon(
            always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n"));
    UnixHttpClient client = client();
    for (int i = 0; i < 3; i++) {
      try (Response response = client.execute(get("/info"))) {
        assertThat(response.getBody().readNBytes(2)).asString().isEqualTo("{}");
      }
    }
    assertThat(daemon.connections()).isEqualTo(1);
  }

  @Test
  void aCutBodyIsAnErrorAndNotAnEnd() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
      peer.hangUp();
    });
    try (Response response = client().execute(get("/"))) {
      assertThatThrownBy(() -> response.getBody().readAllBytes()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aStreamedBodyIsSentInChunks() throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    daemon(peer -> {
      peer.request();
      heard.complete(peer.hear("4\r\nload\r\n0\r\n\r\n".length()));
      peer.say(ok("done"));
    });
    Request request =
        Request.builder()
            .method(Method.POST)
            .path("/images/load")
            .body(new ByteArrayInputStream(bytes("load")))
            .build();
    assertThat(text(client().execute(request))).isEqualTo("done");
    assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo("4\r\nload\r\n0\r\n\r\n");
  }

  @Test
  void aDaemonThatAnswersBeforeItHasReadAllIsHeard() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbad");
      peer.hear(1);
      peer.hearAll();
    });
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    Request request =
        Request.builder().method(Method.POST).path("/images/load").body(endless).build();
    try (Response response = client().execute(request)) {
      assertThat(response.getStatusCode()).isEqualTo(400);
      assertThat(response.getBody().readAllBytes()).asString().isEqualTo("bad");
    }
  }

  @Test
  void theEndOfAHijackedInputIsHeardWhileTheOutputGoesOn() throws IOException {
    ScriptedDaemon daemon =
        daemon(peer -> {
          peer.request();
          peer.say("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
          String all = peer.hearAll();
          peer.say("heard " + all);
          peer.hangUp();
        });
    Request request =
        Request.builder()
            .method(Method.POST)
            .path("/containers/x/attach?stdin=1")
            .hijackedInput(new ByteArrayInputStream(bytes("stdin")))
            .build();
    assertThat(text(client().execute(request))).isEqualTo("heard stdin");
    assertThat(daemon.requests().getFirst()).contains("Connection: Upgrade\r\nUpgrade: tcp\r\n");
  }

  @Test
  void anUpgradedConnectionIsWrittenAndHalfClosedByItsOwner() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 101 UPGRADED\r\n\r\n");
      peer.say(peer.hearAll());
      peer.hangUp();
    });
    try (HttpExchange exchange = client().upgrade(post("/exec/x/start"), Call.UNBOUNDED)) {
      try (OutputStream input = exchange.input()) {
        input.write(bytes("echo"));
      }
      assertThat(exchange.getBody().readAllBytes()).asString().isEqualTo("echo");
    }
  }

  @Test
  void aRequestOverItsDeadlineFailsInTime() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.hearAll();
    });
    UnixHttpClient client = client();
    long start = System.nanoTime();
    assertThatThrownBy(() -> client.execute(get("/info"), Duration.ofMillis(200)))
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("GET /info was not answered within");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(client.activeRequests()).isZero();
  }

  @Test
  void aDeadlineAlsoEndsABodyThatNeverEnds() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
      peer.hearAll();
    });
    try (Response response = client().execute(get("/info"), Duration.ofMillis(300))) {
      assertThatThrownBy(() -> response.getBody().readAllBytes())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aTransferMayBeSlowButNotSilent() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 6; i++) {
        pause(Duration.ofMillis(150));
        peer.say("1\r\n.\r\n");
      }
      peer.hearAll();
    });
    HttpExchange exchange =
        client()
            .exchange(
                post("/images/create"), Call.UNBOUNDED, new Deadline.Idle(Duration.ofMillis(600)));
    try (exchange) {
      assertThat(exchange.getBody().readNBytes(6)).asString().isEqualTo("......");
      assertThatThrownBy(() -> exchange.getBody().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aStreamMustBeginInTimeAndMayThenBeSilent() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    daemon(
        peer -> {
          peer.request();
          peer.say("HTTP/1.1 200 OK\r\n\r\n");
          waitFor(over);
          peer.say("event");
          peer.hangUp();
        },
        peer -> peer.hearAll());
    Deadline brief = new Deadline.Head(Duration.ofMillis(300));
    UnixHttpClient client = client();
    try (HttpExchange stream = client.exchange(get("/events"), Call.UNBOUNDED, brief)) {
      assertThatThrownBy(() -> client.exchange(get("/events"), Call.UNBOUNDED, brief))
          .cause()
          .isInstanceOf(SocketTimeoutException.class);
      over.countDown();
      assertThat(stream.getBody().readAllBytes()).asString().isEqualTo("event");
    }
  }

  @Test
  void closingAStreamWakesItsReader() throws Exception {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\n\r\n");
      peer.hearAll();
    });
    Response response = client().execute(get("/events"));
    try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> read = reader.submit(() -> response.getBody().read());
      await(() -> response.getBody().available() == 0 && !read.isDone());
      response.close();
      assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(RequestCancelledException.class);
    }
  }

  @Test
  void aCallerThatGoesAwayEndsItsRequestAndNoOther() throws Exception {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\n\r\n");
      peer.hearAll();
    });
    UnixHttpClient client = client();
    Caller caller = new Caller();
    Response bound = client.boundTo(caller).execute(post("/images/create?fromImage=x"));
    Response other = client.execute(get("/events"));
    caller.goAway();
    assertThatThrownBy(() -> bound.getBody().read())
        .isInstanceOf(RequestCancelledException.class)
        .hasMessageContaining("POST /images/create");
    assertThat(client.activeRequests()).isEqualTo(1);
    other.close();
  }

  @Test
  void aCallerThatGoesAwayLateDoesNotTouchTheConnectionsNextUser() throws IOException {
    CountDownLatch answer = new CountDownLatch(1);
    daemon(peer -> {
      peer.request();
      peer.say(ok("first"));
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
      waitFor(answer);
      peer.say("second");
    });
    UnixHttpClient client = client();
    Caller caller = new Caller();
    assertThat(text(client.boundTo(caller).execute(get("/a")))).isEqualTo("first");
    Response second = client.execute(get("/b"));
    caller.goAway();
    answer.countDown();
    assertThat(text(second)).isEqualTo("second");
  }

  @Test
  void aKeptConnectionThatTheDaemonClosedIsReplaced() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    ScriptedDaemon daemon =
        daemon(
            peer -> {
              peer.request();
              peer.say(ok("one"));
              peer.hangUp();
              closed.countDown();
            },
            always(ok("two")));
    UnixHttpClient client = client();
    assertThat(text(client.execute(get("/")))).isEqualTo("one");
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(text(client.execute(post("/containers/create")))).isEqualTo("two");
    assertThat(daemon.connections()).isEqualTo(2);
  }

  @Test
  void aReadingRequestThatAKeptConnectionSwallowedIsSentAgain() throws IOException {
    ScriptedDaemon daemon =
        daemon(
            peer -> {
              peer.request();
              peer.say(ok("one"));
              peer.request();
              peer.hangUp();
            },
            always(ok("two")));
    UnixHttpClient client = client();
    assertThat(text(client.execute(get("/")))).isEqualTo("one");
    assertThat(text(client.execute(get("/")))).isEqualTo("two");
    assertThat(daemon.connections()).isEqualTo(2);
  }

  @Test
  void aChangingRequestThatMayHaveBeenDoneIsNeverSentAgain() throws IOException {
    ScriptedDaemon daemon =
        daemon(
            peer -> {
              peer.request();
              peer.say(ok("one"));
              peer.request();
              peer.hangUp();
            },
            always(ok("two")));
    UnixHttpClient client = client();
    assertThat(text(client.execute(get("/")))).isEqualTo("one");
    assertThatThrownBy(() -> client.execute(post("/containers/create")))
        .cause()
        .isInstanceOf(EOFException.class);
    assertThat(daemon.connections()).isEqualTo(1);
  }

  @Test
  void endlessHeadersAreRefused() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\n");
      for (int i = 0; i < 100; i++) {
        peer.say("X-" + i + ": " + "x".repeat(1000) + "\r\n");
      }
      peer.hearAll();
    });
    assertThatThrownBy(() -> client().execute(get("/")))
        .cause()
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("headers are longer");
  }

  @Test
  void whatIsNotHttpIsRefused() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("SSH-2.0-OpenSSH\r\n\r\n");
    });
    assertThatThrownBy(() -> client().execute(get("/")))
        .cause()
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("SSH-2.0-OpenSSH");
  }

  @Test
  void aPathCannotSmuggleASecondRequest() throws IOException {
    ScriptedDaemon daemon = daemon(always(ok("")));
    assertThatThrownBy(() -> client().execute(get("/a HTTP/1.1\r\nX: y")))
        .cause()
        .isInstanceOf(ProtocolException.class);
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void aMissingSocketIsNamed() {
    assertThatThrownBy(() -> client().execute(get("/_ping")))
        .cause()
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("unix://" + folder.resolve("d.sock"));
  }

  @Test
  void manyWaitingStreamsDoNotHoldUpARequest() throws IOException {
    daemon(peer -> {
      String request = peer.request();
      if (request.startsWith("GET /events")) {
        peer.say("HTTP/1.1 200 OK\r\n\r\n");
        peer.hearAll();
      }
      peer.say(ok("quick"));
    });
    UnixHttpClient client = client();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Response> streams = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Response stream = client.execute(get("/events"));
        streams.add(stream);
        Future<?> _ = readers.submit(() -> stream.getBody().read());
      }
      Future<String> quick = readers.submit(() -> text(client.execute(get("/info"))));
      assertThat(quick).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("quick");
      streams.forEach(Response::close);
    }
    assertThat(client.activeRequests()).isZero();
  }

  @Test
  void closingTheClientEndsItsStreams() throws IOException {
    daemon(peer -> {
      peer.request();
      peer.say("HTTP/1.1 200 OK\r\n\r\n");
      peer.hearAll();
    });
    UnixHttpClient client = client();
    Response stream = client.execute(get("/events"));
    client.close();
    assertThatThrownBy(() -> stream.getBody().read()).isInstanceOf(RequestCancelledException.class);
  }

  private ScriptedDaemon daemon(Script... scripts) throws IOException {
    ScriptedDaemon daemon = new ScriptedDaemon(folder.resolve("d.sock"), scripts);
    opened.add(daemon);
    return daemon;
  }

  private UnixHttpClient client() {
    UnixHttpClient client = new UnixHttpClient(folder.resolve("d.sock"));
    opened.add(client);
    return client;
  }

  private static Request get(String path) {
    return Request.builder().method(Method.GET).path(path).build();
  }

  private static Request post(String path) {
    return Request.builder().method(Method.POST).path(path).build();
  }

  private static String text(Response response) throws IOException {
    try (response) {
      return new String(response.getBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void pause(Duration time) throws IOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void waitFor(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      pause(Duration.ofMillis(5));
    }
  }

  /** A caller that can go away. */
  private static final class Caller implements Call {
    private @Nullable Runnable action;
    private boolean gone;

    @Override
    public Optional<Duration> remaining() {
      return Optional.empty();
    }

    @Override
    public synchronized boolean cancelled() {
      return gone;
    }

    @Override
    public synchronized void onCancel(Runnable onCancel) {
      action = onCancel;
    }

    synchronized void goAway() {
      gone = true;
      if (action != null) {
        action.run();
      }
    }
  }
}
