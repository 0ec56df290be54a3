package io.intermodal.server.serve;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which engine is served, and how it is reached.
 *
 * @param engine the engine
 * @param config where it is
 */
record EngineChoice(ContainerEngine engine, EngineConfig config) {
  private static final Logger log = LoggerFactory.getLogger(EngineChoice.class);
  private static final long PROBE_SECONDS = 3;

  /** What was found of an engine. */
  private record Finding(EngineChoice choice, Probe probe) {
    String describe() {
      return "%s: %s".formatted(choice.engine().name(), probe.detail());
    }
  }

  /**
   * The engines that are configured by name, in that order; for {@code auto} the first one that
   * runs, else the first one that is installed.
   *
   * @throws CriException UNAVAILABLE when {@code auto} finds none; says what was found
   */
  static List<EngineChoice> from(
      Configuration configuration, List<ContainerEngine> engines, CriSockets sockets) {
    List<EngineChoice> choices = engines.stream().map(engine -> of(engine, configuration)).toList();
    List<String> wanted = configuration.get(Settings.CONTAINER_RUNTIME);
    return wanted.equals(List.of(Settings.AUTO))
        ? List.of(firstUsable(choices, sockets))
        : wanted.stream().map(name -> named(name, choices)).toList();
  }

  private static EngineChoice named(String name, List<EngineChoice> choices) {
    return choices.stream()
        .filter(choice -> choice.engine().name().equals(name))
        .findFirst()
        .orElseThrow(() -> CriException.invalid("no engine of this build is called " + name));
  }

  private static EngineChoice of(ContainerEngine engine, Configuration configuration) {
    return new EngineChoice(engine, Settings.configOf(engine, configuration));
  }

  private static EngineChoice firstUsable(List<EngineChoice> choices, CriSockets sockets) {
    List<Finding> findings = probeAll(choices, sockets);
    findings.forEach(
        finding -> log.info("found {}: {}", finding.probe().state(), finding.describe()));
    return first(findings, Probe.State.RUNNING)
        .or(() -> first(findings, Probe.State.STOPPED))
        .orElseThrow(() ->
            new CriException(
                CriException.Code.UNAVAILABLE,
                "no container engine to serve was found (%s): install or start one, or name it with --container-runtime"
                    .formatted(
                        findings.stream()
                            .map(Finding::describe)
                            .collect(Collectors.joining("; ")))));
  }

  private static Optional<EngineChoice> first(List<Finding> findings, Probe.State state) {
    return findings.stream()
        .filter(finding -> finding.probe().state() == state)
        .findFirst()
        .map(Finding::choice);
  }

  private static List<Finding> probeAll(List<EngineChoice> choices, CriSockets sockets) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<Probe>> probes = new ArrayList<>();
      for (EngineChoice choice : choices) {
        probes.add(threads.submit(() -> choice.engine().probe(choice.config(), sockets)));
      }
      List<Finding> findings = new ArrayList<>();
      for (int i = 0; i < choices.size(); i++) {
        findings.add(new Finding(choices.get(i), await(probes.get(i))));
      }
      return findings;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Probe await(Future<Probe> probe) {
    try {
      return probe.get(PROBE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return unusable("did not answer its probe within " + PROBE_SECONDS + " s");
    } catch (ExecutionException e) {
      log.error("a probe failed by a fault of this server", e.getCause());
      return unusable("its probe failed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unusable("its probe was interrupted");
    }
  }

  private static Probe unusable(String detail) {
    return new Probe(Probe.State.UNSUPPORTED, Optional.empty(), Optional.empty(), detail);
  }
}
