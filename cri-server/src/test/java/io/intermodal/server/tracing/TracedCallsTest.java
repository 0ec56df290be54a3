package io.intermodal.server.tracing;

import static io.intermodal.server.tracing.ReceivedSpan.CLIENT;
import static io.intermodal.server.tracing.ReceivedSpan.ERROR;
import static io.intermodal.server.tracing.ReceivedSpan.SERVER;
import static io.intermodal.server.tracing.TracedCaller.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.HandlerRegistry;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StreamContainersRequest;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.server.Client;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.forward.ForwardedEngine;
import io.intermodal.server.forward.ForwardedMethods;
import io.intermodal.server.grpc.CriServer;
import io.intermodal.server.grpc.RequestLog;
import io.intermodal.server.grpc.RequestMeter;
import io.intermodal.server.node.FileStateDirectory;
import io.intermodal.server.several.SeveralEngines;
import io.intermodal.server.several.member.KnownContent;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls that pass through to engines which speak CRI. */
@Timeout(60)
class TracedCallsTest {
  @TempDir Path folder;
  private final Transport transport = Transport.best();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private SpanCollector collector;
  private SpeakingEngine engine;
  private Tracing tracing;

  @BeforeEach
  void start() throws IOException {
    collector = new SpanCollector();
    engine = kept(new SpeakingEngine(folder.resolve("engine.sock"), transport));
    tracing = Tracing.start(collector.address(), 0, "1.2.3", transport);
  }

  @AfterEach
  void stop() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
    tracing.close();
    collector.close();
    transport.close();
  }

  private <T extends AutoCloseable> T kept(T part) {
    started.push(part);
    return part;
  }

  private ForwardedEngine forwarded(String name, SpeakingEngine to) {
    return kept(
        ForwardedEngine.connect(
            name,
            to.facts(),
            transport,
            ForwardedEngine.Mode.REPAIRED,
            tracing.callsTo(name),
            _ -> {}));
  }

  private Client serving(HandlerRegistry methods) throws IOException {
    Path socket = folder.resolve("cri.sock");
    var _ =
        kept(
            CriServer.start(
                socket,
                Map.of(),
                transport,
                new CriServer.Content(
                    List.of(),
                    methods,
                    CriServer.CallThread.EVENT_LOOP,
                    new RequestLog("speaking", RequestMeter.NONE, tracing.requests()),
                    CriServices.LARGEST_MESSAGE,
                    Duration.ofSeconds(1))));
    return kept(new Client(socket));
  }

  private Client forwarding() throws IOException {
    return serving(new ForwardedMethods(forwarded("speaking", engine)));
  }

  private ReceivedSpan span(long kind, String rpc, String engine) throws InterruptedException {
    return collector.spans().stream()
        .filter(span ->
            span.kind() == kind
                && span.name().endsWith("/" + rpc)
                && engine.equals(span.attributes().get("intermodal.engine")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no such span: " + collector.spans()));
  }

  @Test
  void the_engine_continues_the_span_of_the_call_that_continues_the_request() throws Exception {
    var _ =
        TracedCaller.recorded(forwarding().runtime())
            .stopContainer(StopContainerRequest.newBuilder().setContainerId("c1").build());
    var _ = collector.await(2);

    ReceivedSpan request = span(SERVER, "StopContainer", "speaking");
    ReceivedSpan call = span(CLIENT, "StopContainer", "speaking");
    assertThat(request.parent()).isEqualTo(TracedCaller.SPAN);
    assertThat(request.attributes()).containsEntry("container.id", "c1");
    assertThat(call.parent()).isEqualTo(request.id());
    assertThat(call.trace()).isEqualTo(TRACE);
    assertThat(engine.headers("StopContainer").getAll(TracedCaller.PARENT))
        .containsExactly("00-%s-%s-01".formatted(TRACE, call.id()));
    assertThat(engine.headers("StopContainer").getAll(TracedCaller.STATE))
        .containsExactly("vendor=1");
  }

  @Test
  void what_an_engine_refuses_is_an_error_of_the_call() throws Exception {
    var runtime = TracedCaller.recorded(forwarding().runtime());
    assertThatThrownBy(() ->
            runtime.stopContainer(
                StopContainerRequest.newBuilder().setContainerId("stuck").build()))
        .hasMessageContaining("the shim is gone");
    var _ = collector.await(2);

    assertThat(collector.spans()).extracting(ReceivedSpan::status).containsOnly(ERROR);
    assertThat(collector.spans()).extracting(ReceivedSpan::message).contains("the shim is gone");
  }

  @Test
  void a_second_call_after_a_refusal_belongs_to_the_same_request() throws Exception {
    var pieces =
        TracedCaller.recorded(forwarding().runtime())
            .streamContainers(StreamContainersRequest.getDefaultInstance());
    assertThat(pieces.next().getContainersList()).hasSize(1);
    assertThat(pieces.hasNext()).isFalse();
    var _ = collector.await(3);

    ReceivedSpan request = span(SERVER, "StreamContainers", "speaking");
    assertThat(request.status()).isZero();
    ReceivedSpan refused = span(CLIENT, "StreamContainers", "speaking");
    assertThat(refused.parent()).isEqualTo(request.id());
    assertThat(refused.status()).isEqualTo(ERROR);
    ReceivedSpan second = span(CLIENT, "ListContainers", "speaking");
    assertThat(second.parent()).isEqualTo(request.id());
    assertThat(second.status()).isZero();
  }

  @Test
  void a_list_of_several_engines_has_a_call_to_each() throws Exception {
    SpeakingEngine other = kept(new SpeakingEngine(folder.resolve("other.sock"), transport));
    Client client =
        serving(
            new SeveralEngines(
                List.of(member("one", engine), member("two", other)),
                Map.of(),
                Set.of("one", "two"),
                CriServices.LARGEST_MESSAGE));
    var listed =
        TracedCaller.recorded(client.runtime())
            .listContainers(ListContainersRequest.getDefaultInstance());
    assertThat(listed.getContainersList()).hasSize(2);
    var _ = collector.await(3);

    ReceivedSpan request =
        collector.spans().stream().filter(span -> span.kind() == SERVER).findFirst().orElseThrow();
    assertThat(span(CLIENT, "ListContainers", "one").parent()).isEqualTo(request.id());
    assertThat(span(CLIENT, "ListContainers", "two").parent()).isEqualTo(request.id());
    // The server's own looks at its engines are in nobody's trace.
    assertThat(collector.spans()).hasSize(3);
  }

  private Member member(String name, SpeakingEngine to) throws IOException {
    return kept(
        Member.start(
            name,
            forwarded(name, to),
            KnownContent.restored(new FileStateDirectory(folder.resolve("state")).within(name))));
  }

  @Test
  void a_caller_that_records_nothing_is_passed_on_as_that() throws Exception {
    var _ =
        TracedCaller.unrecorded(forwarding().runtime())
            .version(VersionRequest.getDefaultInstance());

    assertThat(engine.headers("Version").get(TracedCaller.PARENT))
        .startsWith("00-" + TRACE)
        .endsWith("-00");
  }

  @Test
  void without_a_callers_trace_the_engine_is_left_to_decide() throws Exception {
    var _ = forwarding().runtime().version(VersionRequest.getDefaultInstance());

    assertThat(engine.headers("Version").containsKey(TracedCaller.PARENT)).isFalse();
  }
}
