package io.intermodal.server.several;

import io.intermodal.runtime.EngineConnection;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.ScriptedFacts;
import io.intermodal.server.cri.Served;
import io.intermodal.server.cri.Until;
import io.intermodal.server.dispatch.LocalEngine;
import io.intermodal.server.dispatch.OpenStreams;
import io.intermodal.server.dispatch.ServedEngine;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.forward.ForwardedEngine;
import io.intermodal.server.node.FileStateDirectory;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.KnownContent;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Several engines behind the real server on a real socket, with a caller. */
final class Several implements AutoCloseable {
  private static final Set<String> ENGINES = Set.of("docker", "containerd", "cri-o", "rkt");
  private static final Map<String, String> NAMES =
      Map.of("fast", "containerd/kata", "other", "cri-o", "away", "rkt/kvm");

  private final Path folder;
  private final Transport transport = Transport.best();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Member> members = new ArrayList<>();
  private int largestMessage = 16 << 20;

  private Several(Path folder) {
    this.folder = folder;
  }

  /** What is known of the engines is kept in this folder. */
  static Several in(Path folder) {
    return new Several(folder);
  }

  /** One more engine; the first is the default one. */
  Several with(String name, CriOnSocket engine) throws IOException {
    return with(
        name,
        kept(
            ForwardedEngine.connect(
                name,
                ScriptedFacts.of(engine),
                transport,
                ForwardedEngine.Mode.REPAIRED,
                UnaryOperator.identity(),
                _ -> {})));
  }

  Several with(String name, EngineConnection.Translating engine) throws IOException {
    return with(
        name, kept(LocalEngine.start(new ServedEngine(name, engine), kept(new OpenStreams()))));
  }

  private Several with(String name, CriCalls calls) throws IOException {
    KnownContent content = KnownContent.restored(new FileStateDirectory(folder.resolve(name)));
    members.add(kept(Member.start(name, calls, content)));
    return this;
  }

  Several withLargestMessage(int bytes) {
    largestMessage = bytes;
    return this;
  }

  Served serve() throws IOException {
    SeveralEngines engines = new SeveralEngines(members, NAMES, ENGINES, largestMessage);
    Path socket = Files.createTempDirectory(folder, "ours").resolve("ours.sock");
    return kept(Served.at(socket, engines, transport));
  }

  Member member(String name) {
    return members.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  /** Waits until so much of a kind is known of an engine. */
  Several knows(String name, ContentKind kind, int count) {
    Until.holds(
        count + " " + kind + " on " + name,
        () -> member(name).content().count(kind).equals(OptionalInt.of(count)));
    return this;
  }

  Several finds(String name, boolean up) {
    Until.holds(name + (up ? " is back" : " is away"), () -> member(name).up() == up);
    return this;
  }

  /** How long a call takes that has to end. */
  static Duration durationOf(RawCall call, long start) throws Exception {
    var _ = call.end();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private <T extends AutoCloseable> T kept(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        throw new AssertionError("a part does not stop", e);
      }
    }
    transport.close();
  }
}
