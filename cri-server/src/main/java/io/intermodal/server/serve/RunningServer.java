package io.intermodal.server.serve;

import io.grpc.ServerServiceDefinition;
import io.intermodal.runtime.CriException;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Settings;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.dispatch.OpenStreams;
import io.intermodal.server.forward.SocketInquiry;
import io.intermodal.server.grpc.CriServer;
import io.intermodal.server.grpc.RequestLog;
import io.intermodal.server.grpc.RequestMeter;
import io.intermodal.server.grpc.RequestTracer;
import io.intermodal.server.grpc.ServiceNotice;
import io.intermodal.server.monitoring.Measurements;
import io.intermodal.server.monitoring.MonitoringServer;
import io.intermodal.server.report.NodeReport;
import io.intermodal.server.report.NodeService;
import io.intermodal.server.report.RecentCalls;
import io.intermodal.server.tracing.Tracing;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole server: started in the order node, engine, socket, and stopped in reverse. A stop
 * leaves pods running. The engine need not be up: the socket answers meanwhile, and {@code Status}
 * says what is wrong.
 */
public final class RunningServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunningServer.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Deque<Part> parts = new ArrayDeque<>();

  private RunningServer() {}

  /** Something that was started and must be stopped. */
  private record Part(String name, Runnable stop) {}

  /**
   * Starts everything.
   *
   * @param environment the environment, for the service manager's variables
   * @throws IOException when the socket cannot be opened
   * @throws CriException when there is no engine to serve; what was started is stopped again
   */
  public static RunningServer start(Configuration configuration, Map<String, String> environment)
      throws IOException {
    RunningServer server = new RunningServer();
    try {
      server.startParts(configuration, environment);
      return server;
    } catch (UncheckedIOException e) {
      server.close();
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void startParts(Configuration configuration, Map<String, String> environment)
      throws IOException {
    CriServer.refuseIfServed(configuration.get(Settings.LISTEN), environment);
    Transport transport = started("transport", Transport.best());
    Optional<Tracing> tracing = tracing(configuration, transport);
    List<EngineChoice> choices =
        EngineChoice.from(configuration, Settings.engines(), new SocketInquiry(transport));
    List<String> names = choices.stream().map(choice -> choice.engine().name()).toList();
    Optional<InetSocketAddress> monitored = configuration.get(Settings.METRICS_ADDRESS);
    // No lambdas: they would load what is not used.
    Optional<Measurements> measurements =
        monitored.isPresent()
            ? Optional.of(new Measurements(version(), names, CriServices.rpcs()))
            : Optional.empty();
    Node node = started("node services", Node.start(configuration, transport, measurements));
    OpenStreams streams = new OpenStreams();
    EngineFronts fronts =
        started(
            "engines",
            new EngineFronts(configuration, node, streams, transport, measurements, tracing));
    Front front = fronts.of(choices);
    parts.push(new Part("sessions", node::endSessions));

    RecentCalls calls = new RecentCalls(names);
    RequestMeter meter = measurements.isPresent() ? calls.and(measurements.get()) : calls;
    NodeReport.Server self =
        new NodeReport.Server(version(), ProcessHandle.current().pid(), Instant.now());
    List<ServerServiceDefinition> services = new ArrayList<>(front.services());
    services.add(NodeService.of(self, front.reported(), calls));
    RequestTracer tracer = tracing.isPresent() ? tracing.get().requests() : RequestTracer.NONE;
    CriServer.Content content =
        new CriServer.Content(
            services,
            front.others(),
            front.thread(),
            new RequestLog(names.getFirst(), meter, tracer),
            CriServices.LARGEST_MESSAGE,
            GRACE);
    CriServer socket =
        started(
            "socket",
            CriServer.start(configuration.get(Settings.LISTEN), environment, transport, content));
    // Ended before the socket is: they are calls in flight that do not finish.
    var _ = started("event streams", streams);
    parts.push(new Part("event streams of engines", fronts::endStreams));

    if (monitored.isPresent() && measurements.isPresent()) {
      measurements.get().readEngines(front.measured());
      var _ =
          started(
              "monitoring",
              MonitoringServer.start(
                  monitored.get(),
                  transport,
                  measurements.get(),
                  socket.path().orElse(configuration.get(Settings.LISTEN)),
                  front.status()));
    }

    ServiceNotice notice = new ServiceNotice(environment, transport);
    parts.push(new Part("service manager", notice::stopping));
    notice.ready();
    log.info("serving {} on unix://{}", String.join(", ", names), socket.address());
  }

  /** Closed late: a request's span is there when the request has ended. */
  private Optional<Tracing> tracing(Configuration configuration, Transport transport) {
    Optional<InetSocketAddress> collector = configuration.get(Settings.TRACING_ENDPOINT);
    return collector.isPresent()
        ? Optional.of(
            started(
                "tracing",
                Tracing.start(
                    collector.get(),
                    configuration.get(Settings.TRACING_SAMPLING_RATE_PER_MILLION),
                    version(),
                    transport)))
        : Optional.empty();
  }

  /** As its jar says; "development" when not run from a jar. */
  private static String version() {
    return Optional.ofNullable(RunningServer.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private <T extends AutoCloseable> T started(String name, T part) {
    parts.push(
        new Part(
            name,
            () -> {
              try {
                part.close();
              } catch (Exception e) {
                log.warn("{} did not stop cleanly", name, e);
              }
            }));
    return part;
  }

  /** Stops everything, pods excepted. Calls in flight have 10 s to finish. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      log.debug("stopping {}", part.name());
      part.stop().run();
    }
  }
}
