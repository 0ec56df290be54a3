package io.intermodal.server.forward;

import static io.intermodal.server.wire.CriVersion.V1;
import static io.intermodal.server.wire.CriVersion.V1ALPHA2;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.ScriptedFacts;
import io.intermodal.server.cri.Until;
import io.intermodal.server.wire.CriVersion;
import io.intermodal.server.wire.Frames;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers of one version of CRI and engines of the other. */
@Timeout(60)
class BridgedVersionsTest {
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path folder;
  private CriOnSocket engine;
  private Forwarded forwarded;

  @BeforeEach
  void start() throws Exception {
    engine = CriOnSocket.at(folder.resolve("engine.sock"));
    forwarded = Forwarded.to(engine);
  }

  @AfterEach
  void stop() throws Exception {
    forwarded.close();
    engine.close();
  }

  @ParameterizedTest
  @EnumSource(CriVersion.class)
  void a_caller_is_served_by_an_engine_of_the_other_version(CriVersion caller) throws Exception {
    engine
        .serves(caller.other())
        .answers("Version", version(caller.other()))
        .computes("ListImages", request -> request);
    byte[] request = {10, 2, 8, 1};

    assertThat(call(caller, "ImageService/ListImages", request).answer()).isEqualTo(request);
    VersionResponse answer =
        VersionResponse.parseFrom(call(caller, "RuntimeService/Version", NOTHING).answer());

    assertThat(answer.getRuntimeApiVersion()).isEqualTo(caller.label());
    assertThat(answer.getRuntimeName()).isEqualTo("scripted");
    assertThat(engine.last("ListImages").method())
        .isEqualTo(caller.other().named("ImageService/ListImages"));
    assertThat(engine.last("ListImages").messages()).containsExactly(request);
  }

  @ParameterizedTest
  @EnumSource(CriVersion.class)
  void an_engine_that_speaks_both_is_asked_in_the_callers(CriVersion caller) throws Exception {
    engine.serves(V1, V1ALPHA2).answers("Version", version(caller));

    byte[] answer = call(caller, "RuntimeService/Version", NOTHING).answer();

    assertThat(answer).isEqualTo(version(caller));
    assertThat(engine.seen("Version")).hasSize(1);
    assertThat(engine.last("Version").method()).isEqualTo(caller.named("RuntimeService/Version"));
  }

  @Test
  void metadata_reaches_the_engine_on_the_second_way_too() throws Exception {
    engine.serves(V1ALPHA2).answers("Status", NOTHING);
    Metadata.Key<String> key = Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
    Metadata headers = new Metadata();
    headers.put(key, "from the caller");

    var _ =
        RawCall.of(
                forwarded.served().channel(),
                Frames.rpc("Status"),
                NOTHING,
                CallOptions.DEFAULT,
                headers)
            .answer();

    assertThat(engine.last("Status").method()).startsWith("runtime.v1alpha2.");
    assertThat(engine.last("Status").headers().get(key)).isEqualTo("from the caller");
  }

  @Test
  void the_version_is_learnt_once_and_again_from_an_engine_that_was_replaced() throws Exception {
    engine.serves(V1ALPHA2).answers("Status", NOTHING);
    for (int i = 0; i < 3; i++) {
      var _ = forwarded.served().call("Status", NOTHING).answer();
    }
    assertThat(engine.seen("Status"))
        .extracting(CriOnSocket.Seen::method)
        .containsExactly(
            "runtime.v1.RuntimeService/Status",
            "runtime.v1alpha2.RuntimeService/Status",
            "runtime.v1alpha2.RuntimeService/Status",
            "runtime.v1alpha2.RuntimeService/Status");

    engine.die();
    var _ = engine.serves(V1).start();

    Until.holds("a call succeeds", () -> end(forwarded.served().call("Status", NOTHING)).isOk());
    assertThat(engine.last("Status").method()).isEqualTo("runtime.v1.RuntimeService/Status");
  }

  @Test
  void a_refusal_that_comes_before_the_request_is_read_loses_nothing() throws Exception {
    engine.serves(V1ALPHA2).computes("ListImages", request -> request);
    var _ = forwarded.served().call("Version", NOTHING).answer();
    // Learnt the other way, so that the next call is refused once more.
    engine.forget();
    engine.serves(V1);
    // Of this type gRPC sends the headers at once.
    RawCall call =
        RawCall.start(
                forwarded.served().channel(),
                Frames.rpc("ListImages").toBuilder().setType(MethodType.BIDI_STREAMING).build(),
                CallOptions.DEFAULT,
                new Metadata())
            .take(2);
    // Other calls on the connection take its headers along to the engine, and bring its refusal.
    Until.holds(
        "the engine refuses",
        () ->
            end(forwarded.served().call("Version", NOTHING)).isOk()
                && !engine.seen("ListImages").isEmpty());
    var _ = forwarded.served().call("Version", NOTHING).answer();

    call.say(new byte[] {10, 2, 8, 1}).done();

    assertThat(call.answer()).containsExactly(10, 2, 8, 1);
    assertThat(engine.seen("ListImages")).hasSize(2);
  }

  @Test
  void an_unknown_conversation_is_not_repeated_with_a_part_of_it() throws Exception {
    engine
        .serves(V1ALPHA2)
        .does(
            "OfTheFuture",
            (call, _, seen) -> {
              call.request(Integer.MAX_VALUE);
              return new CriOnSocket.Recorded(seen);
            });
    RawCall call =
        RawCall.start(
                forwarded.served().channel(),
                Frames.method("runtime.v1.RuntimeService/OfTheFuture"),
                CallOptions.DEFAULT,
                new Metadata())
            .take(2)
            .say(new byte[] {1})
            .say(new byte[] {2})
            .done();

    assertThat(call.end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(engine.seen("OfTheFuture")).allMatch(seen -> seen.messages().size() != 1);
  }

  @ParameterizedTest
  @EnumSource(CriVersion.class)
  void an_engine_with_neither_is_explained(CriVersion caller) throws Exception {
    engine.serves();

    Status end = call(caller, "RuntimeService/Version", NOTHING).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(end.getDescription()).isEqualTo(ScriptedFacts.WHY_WITHOUT_CRI);
  }

  private RawCall call(CriVersion version, String method, byte[] request) {
    return RawCall.of(forwarded.served().channel(), Frames.method(version.named(method)), request);
  }

  private static byte[] version(CriVersion version) {
    return VersionResponse.newBuilder()
        .setRuntimeName("scripted")
        .setRuntimeApiVersion(version.label())
        .build()
        .toByteArray();
  }

  private static Status end(RawCall call) {
    try {
      return call.end();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
