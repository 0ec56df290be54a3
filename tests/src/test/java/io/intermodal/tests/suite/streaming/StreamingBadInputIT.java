package io.intermodal.tests.suite.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.ExecRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.streaming.wire.UpgradeRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that cannot be, and URLs that lead to none. */
@EndToEnd
class StreamingBadInputIT {
  private static final Streams NONE = new Streams(false, false, false, false);
  private static final Streams TERMINAL_WITH_ERRORS = new Streams(true, true, true, true);
  private static final List<String> TRUE = List.of("true");

  private final Cri cri;
  private final Sessions sessions;

  StreamingBadInputIT(Cri cri, Node node) {
    this.cri = cri;
    this.sessions = new Sessions(node);
  }

  @Test
  void a_url_is_absolute_with_http_and_an_address() {
    Container container = cri.runPod().startIdle();

    for (String text :
        List.of(
            container.execUrl(Streams.OUTPUT, TRUE),
            container.attachUrl(Streams.OUTPUT),
            container.pod().portForwardUrl(List.of(80)))) {
      URI url = URI.create(text);
      assertThat(url.getScheme()).isEqualTo("http");
      assertThat(InetAddress.ofLiteral(url.getHost())).isNotNull();
      assertThat(url.getPort()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_url_works_once(Transport transport) throws IOException {
    Container container = cri.runPod().startIdle();
    String url = container.execUrl(Streams.OUTPUT, TRUE);
    try (CommandSession session = sessions.open(transport, url, Streams.OUTPUT)) {
      assertThat(session.finish().status().success()).isTrue();
    }

    refused(() -> transport.open(url, Streams.OUTPUT), 404);
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_url_that_was_guessed_leads_nowhere(Transport transport) {
    Container container = cri.runPod().startIdle();
    String url = container.execUrl(Streams.OUTPUT, TRUE);
    String folder = url.substring(0, url.lastIndexOf('/'));

    refused(() -> transport.open(folder + "/AAAAAAAA", Streams.OUTPUT), 404);
    refused(() -> transport.open(folder + "/", Streams.OUTPUT), 404);
    refused(() -> transport.open(url + "A", Streams.OUTPUT), 404);
    refused(() -> transport.open(folder + "/../../etc/passwd", Streams.OUTPUT), 301, 400, 404);
  }

  @Test
  void a_url_of_exec_does_not_open_another_kind_of_session() throws IOException {
    sessions.requireOurs("a URL is for the kind of session it was made for");
    Container container = cri.runPod().startIdle();
    String url = container.execUrl(Streams.OUTPUT, TRUE);

    refused(() -> Transport.SPDY_V4.open(url.replace("/exec/", "/attach/"), Streams.OUTPUT), 404);
  }

  @Test
  void a_command_that_was_asked_for_does_not_run_before_a_client_comes() {
    Container container = cri.runPod().startIdle();

    assertThat(container.execUrl(Streams.OUTPUT, List.of("touch", "/tmp/ran"))).isNotEmpty();

    assertThat(container.exec("[ -e /tmp/ran ]").getExitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_terminal_with_errors_apart_or_a_session_without_streams_is_an_invalid_argument(
      boolean exec) {
    Container container = cri.runPod().startIdle();

    for (Streams streams : List.of(NONE, TERMINAL_WITH_ERRORS)) {
      refused(() -> url(exec, container, streams), Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void an_unknown_container_is_not_found() {
    refused(
        () ->
            cri.runtime()
                .exec(
                    ExecRequest.newBuilder()
                        .setContainerId("no-such-container")
                        .addCmd("true")
                        .setStdout(true)
                        .build()),
        Status.Code.NOT_FOUND);
    refused(
        () ->
            cri.runtime()
                .attach(
                    AttachRequest.newBuilder()
                        .setContainerId("no-such-container")
                        .setStdout(true)
                        .build()),
        Status.Code.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_container_that_does_not_run_has_no_session(boolean exec) {
    Container container = cri.runPod().start("exit 0");
    container.awaitExit();

    if (sessions.node().ours()) {
      refused(() -> url(exec, container, Streams.OUTPUT), Status.Code.FAILED_PRECONDITION);
    } else {
      refused(
          () -> url(exec, container, Streams.OUTPUT),
          Status.Code.FAILED_PRECONDITION,
          Status.Code.UNKNOWN);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_container_that_ends_before_the_client_comes_is_a_failure(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();
    String url = container.execUrl(Streams.OUTPUT, TRUE);
    container.stop(5);

    try (CommandSession session = sessions.open(transport, url, Streams.OUTPUT)) {
      assertThat(session.finish().status().success()).isFalse();
    } catch (UpgradeRefused e) {
      assertThat(e.status()).isBetween(400, 599);
    }
  }

  private static String url(boolean exec, Container container, Streams streams) {
    return exec ? container.execUrl(streams, TRUE) : container.attachUrl(streams);
  }

  private static void refused(ThrowingCallable call, Status.Code... codes) {
    assertThatThrownBy(call)
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isIn((Object[]) codes);
  }

  private static void refused(ThrowingCallable call, Integer... statuses) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UpgradeRefused.class, e -> assertThat(e.status()).isIn((Object[]) statuses));
  }
}
