package io.intermodal.server.serve;

import com.google.common.base.Suppliers;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Settings;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.dispatch.LocalEngine;
import io.intermodal.server.dispatch.OpenStreams;
import io.intermodal.server.dispatch.ServedEngine;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.forward.ForwardedEngine;
import io.intermodal.server.forward.ForwardedEngine.Mode;
import io.intermodal.server.forward.SocketInquiry;
import io.intermodal.server.grpc.CriServer.CallThread;
import io.intermodal.server.handler.HandlerNames;
import io.intermodal.server.monitoring.Measurements;
import io.intermodal.server.report.EngineReport;
import io.intermodal.server.report.ReportedEngine;
import io.intermodal.server.several.SeveralEngines;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.KnownContent;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.tracing.Tracing;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects engines and puts before them what callers meet: one engine as it is, or several. */
final class EngineFronts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineFronts.class);

  private final Configuration configuration;
  private final Node node;
  private final OpenStreams streams;
  private final Transport transport;
  private final Optional<Measurements> measurements;
  private final Optional<Tracing> tracing;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final List<ForwardedEngine> forwarded = new ArrayList<>();

  EngineFronts(
      Configuration configuration,
      Node node,
      OpenStreams streams,
      Transport transport,
      Optional<Measurements> measurements,
      Optional<Tracing> tracing) {
    this.configuration = configuration;
    this.node = node;
    this.streams = streams;
    this.transport = transport;
    this.measurements = measurements;
    this.tracing = tracing;
  }

  /**
   * Connects them.
   *
   * @param choices the default one first
   * @throws IOException when what they need from the node does not start
   */
  Front of(List<EngineChoice> choices) throws IOException {
    if (choices.size() > 1) {
      return several(choices);
    }
    EngineChoice choice = choices.getFirst();
    String name = choice.engine().name();
    EngineConnection connection = connect(choice);
    return switch (connection) {
      case EngineConnection.Translating translating -> {
        ServedEngine engine = new ServedEngine(name, translating, handlers(List.of(name)));
        CriCalls calls = keep(LocalEngine.start(engine, streams));
        yield Front.translated(engine, streams, only(choice, connection, calls));
      }
      case EngineConnection.Forwarding forwarding -> {
        ForwardedEngine engine = forwarded(name, forwarding);
        HandlerNames handlers = handlers(List.of(name));
        yield Front.forwarded(name, engine, handlers, only(choice, connection, engine));
      }
    };
  }

  private ReportedEngine only(EngineChoice choice, EngineConnection connection, CriCalls calls) {
    return ReportedEngine.only(
        choice.engine().name(), Optional.of(kind(connection)), calls, socket(choice, connection));
  }

  /** One of several engines. */
  private record Joined(EngineChoice choice, EngineConnection connection, Member member) {}

  private Front several(List<EngineChoice> choices) throws IOException {
    List<Joined> joined = new ArrayList<>();
    for (EngineChoice choice : choices) {
      joined.add(join(choice));
    }
    SeveralEngines engines =
        new SeveralEngines(
            joined.stream().map(Joined::member).toList(),
            configuration.get(Settings.RUNTIME_HANDLERS),
            engines(),
            CriServices.LARGEST_MESSAGE);
    return new Front(
        List.of(),
        engines,
        CallThread.EVENT_LOOP,
        () -> Front.status(() -> engines.status(new byte[0])),
        joined.stream().map(EngineFronts::measured).toList(),
        joined.stream().map(one -> reported(one, engines)).toList());
  }

  private Joined join(EngineChoice choice) throws IOException {
    String name = choice.engine().name();
    EngineConnection connection = connect(choice);
    CriCalls calls =
        switch (connection) {
          case EngineConnection.Translating translating ->
              keep(LocalEngine.start(new ServedEngine(name, translating), streams));
          case EngineConnection.Forwarding forwarding -> forwarded(name, forwarding);
        };
    Member member = keep(Member.start(name, calls, KnownContent.restored(node.contentOf(name))));
    return new Joined(choice, connection, member);
  }

  private static Measurements.Engine measured(Joined one) {
    String name = one.member().name();
    return one.connection() instanceof EngineConnection.Translating translating
        ? Measurements.Engine.counting(name, translating::figures)
        : new Measurements.Engine(name, one.member()::up, Optional::empty);
  }

  private ReportedEngine reported(Joined one, SeveralEngines engines) {
    KnownContent content = one.member().content();
    return new ReportedEngine(
        one.member().name(),
        engines.isDefault(one.member()),
        Optional.of(kind(one.connection())),
        one.member(),
        socket(one.choice(), one.connection()),
        handler -> engines.handlerNames(one.member(), handler),
        () ->
            new EngineReport.Counts(
                content.count(ContentKind.SANDBOXES),
                content.count(ContentKind.CONTAINERS),
                content.count(ContentKind.IMAGES),
                true));
  }

  private static EngineReport.Kind kind(EngineConnection connection) {
    return switch (connection) {
      case EngineConnection.Translating _ -> EngineReport.Kind.TRANSLATED;
      case EngineConnection.Forwarding _ -> EngineReport.Kind.FORWARDED;
    };
  }

  /** Where an engine is that does not say: where its probe looks, which does not change. */
  private Supplier<Optional<String>> socket(EngineChoice choice, EngineConnection connection) {
    return switch (connection) {
      case EngineConnection.Forwarding forwarding -> () -> Optional.of(forwarding.endpoint());
      case EngineConnection.Translating _ ->
          Suppliers.memoize(() ->
              choice
                  .config()
                  .endpoint()
                  .or(() ->
                      choice
                          .engine()
                          .probe(choice.config(), new SocketInquiry(transport))
                          .endpoint()));
    };
  }

  private HandlerNames handlers(List<String> served) {
    return new HandlerNames(served, configuration.get(Settings.RUNTIME_HANDLERS), engines());
  }

  private static Set<String> engines() {
    return Settings.engines().stream().map(ContainerEngine::name).collect(Collectors.toSet());
  }

  private EngineConnection connect(EngineChoice choice) {
    String name = choice.engine().name();
    return keep(choice.engine().connect(choice.config(), () -> node.lentTo(name)));
  }

  private ForwardedEngine forwarded(String name, EngineConnection.Forwarding forwarding) {
    ForwardedEngine engine = connected(name, forwarding);
    forwarded.add(engine);
    return keep(engine);
  }

  private ForwardedEngine connected(String name, EngineConnection.Forwarding forwarding) {
    return ForwardedEngine.connect(
        name,
        forwarding,
        transport,
        configuration.get(Settings.STRICT_FORWARD) ? Mode.STRICT : Mode.REPAIRED,
        tracing.isPresent() ? tracing.get().callsTo(name) : UnaryOperator.identity(),
        rpc -> measurements.ifPresent(m -> m.repaired(name, rpc)));
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  /** Ends callers' streams of events, before the socket waits for calls to finish. */
  void endStreams() {
    forwarded.forEach(ForwardedEngine::endStreams);
  }

  /** Disconnects them, the last first; pods keep running. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }
}
