package io.intermodal.server.setup;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.config.Settings;
import io.intermodal.server.config.ValueType;
import io.intermodal.server.setup.change.Alteration;
import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.change.Narrator;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.change.WantedNode.WantedService;
import io.intermodal.server.setup.journal.Entry.FoundOnNode;
import io.intermodal.server.setup.plan.NodeOptions;
import io.intermodal.server.setup.plan.NodePlanner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code node up}: makes this machine a node, or finds that it is one. */
public final class NodeUp {
  private final NodeInHand node;
  private final Narrator narrator;

  public NodeUp(NodeInHand node, Narrator narrator) {
    this.node = node;
    this.narrator = narrator;
  }

  /**
   * What is to be done.
   *
   * @param options all that is asked for, with the engines by name
   * @param wanted how the node must be
   * @param changes what differs; nothing when it is so already
   */
  public record Plan(NodeOptions options, WantedNode wanted, List<Change> changes) {
    public Plan {
      changes = List.copyOf(changes);
    }
  }

  /**
   * Works out what is to be done, and that it can be. Changes nothing.
   *
   * @param asked what was typed; what was typed earlier counts too
   * @throws SetupException when it cannot be done, with the cure
   * @throws IOException when the node cannot be looked at
   */
  public Plan plan(NodeOptions asked) throws SetupException, IOException {
    Optional<NodeOptions> earlier = node.options();
    NodeOptions options = earlier.map(asked::over).orElse(asked);
    List<String> present = earlier.map(NodeOptions::engines).orElse(List.of());
    List<String> names = options.engines().isEmpty() ? present : options.engines();
    List<ContainerEngine> engines = names.isEmpty() ? List.of(firstUsable()) : node.named(names);
    List<String> chosen = engines.stream().map(ContainerEngine::name).toList();
    if (!chosen.containsAll(present)) {
      throw new SetupException(
          "this node is on %s: \"node switch --container-runtime=%s\" moves its pods"
              .formatted(String.join(", ", present), String.join(",", chosen)));
    }
    return plan(options.withEngines(chosen), engines);
  }

  /** The same for engines that are known, whatever the node is on. */
  Plan plan(NodeOptions options, List<ContainerEngine> engines) throws SetupException, IOException {
    WantedNode wanted = node.planner().wanted(engines, options);
    List<Change> changes = node.comparison().changes(wanted);
    for (Change change : changes) {
      if (change instanceof Change.OfFile file) {
        node.machine().files().requireWritable(file.path());
      }
      if (change instanceof Change.OfService service && !service.runs()) {
        requireFreePorts(service.service());
      }
    }
    return new Plan(options, wanted, changes);
  }

  /**
   * Does what is to be done.
   *
   * @param preload archives of images for the default engine
   * @throws SetupException when a daemon does not become ready
   * @throws IOException when something cannot be changed
   */
  public void make(Plan plan, List<Path> preload) throws SetupException, IOException {
    node.keep(plan.options());
    Alteration alteration = new Alteration(node.machine(), node.journal(), narrator);
    alteration.make(plan.changes());
    for (WantedService service : plan.wanted().services()) {
      alteration.awaitReady(service);
    }
    if (node.journal().find(FoundOnNode.SUBJECT).isEmpty()) {
      try (NodePods pods = new NodePods(node.configuration().get(Settings.LISTEN))) {
        node.journal().put(new FoundOnNode(pods.ids(), pods.images()));
      }
    }
    new Preload(node, narrator).into(node.named(plan.options().engines()).getFirst(), preload);
  }

  /** The first that runs, else the first that is installed. */
  private ContainerEngine firstUsable() throws SetupException {
    List<String> found = new ArrayList<>();
    Optional<ContainerEngine> stopped = Optional.empty();
    for (ContainerEngine engine : node.engines()) {
      Probe probe = engine.probe(node.config(engine), node.sockets());
      if (probe.state() == Probe.State.RUNNING) {
        return engine;
      }
      if (probe.state() == Probe.State.STOPPED && stopped.isEmpty()) {
        stopped = Optional.of(engine);
      }
      found.add("%s: %s".formatted(engine.name(), probe.detail()));
    }
    return stopped.orElseThrow(() ->
        new SetupException(
            "no container engine is installed: install one (on Debian: apt install docker.io). Looked for %s"
                .formatted(String.join("; ", found))));
  }

  /** Those that the server is to listen on. */
  private void requireFreePorts(WantedService service) throws SetupException {
    if (!service.service().name().equals(NodePlanner.SERVER)) {
      return;
    }
    List<InetSocketAddress> addresses = new ArrayList<>();
    addresses.add(ValueType.address(node.configuration().get(Settings.STREAM_ADDRESS)));
    node.configuration().get(Settings.METRICS_ADDRESS).ifPresent(addresses::add);
    for (InetSocketAddress address : addresses) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        // What is configured is a name and a port.
        socket.bind(new InetSocketAddress(address.getHostString(), address.getPort()));
      } catch (IOException e) {
        throw new SetupException(
            "%s:%d cannot be listened on (%s): end what does (ss -ltnp), or set --stream-address or --metrics-address"
                .formatted(address.getHostString(), address.getPort(), e.getMessage()),
            e);
      }
    }
  }
}
