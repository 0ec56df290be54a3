package io.intermodal.server.setup;

import com.google.gson.JsonParser;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Settings;
import io.intermodal.server.setup.change.Comparison;
import io.intermodal.server.setup.change.Machine;
import io.intermodal.server.setup.journal.Journal;
import io.intermodal.server.setup.plan.NodeOptions;
import io.intermodal.server.setup.plan.NodePlanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node that the verbs work on.
 *
 * @param machine the machine
 * @param state where it is kept what was asked for and what was changed
 * @param journal what was changed
 * @param planner works out how it must be
 * @param engines those of this build, in the order in which they are looked for
 * @param configuration the settings
 * @param sockets asks engines whether they answer
 */
public record NodeInHand(
    Machine machine,
    StateDirectory state,
    Journal journal,
    NodePlanner planner,
    List<ContainerEngine> engines,
    Configuration configuration,
    CriSockets sockets) {
  private static final String OPTIONS = "options.json";

  public NodeInHand {
    engines = List.copyOf(engines);
  }

  /** Where an engine is. */
  public EngineConfig config(ContainerEngine engine) {
    return Settings.configOf(engine, configuration);
  }

  /** What was asked for when the node was set up; empty when it was not. */
  public Optional<NodeOptions> options() throws IOException {
    return state
        .read(OPTIONS)
        .map(json ->
            NodeOptions.of(
                JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
                    .getAsJsonObject()));
  }

  /** What was asked for when the node was set up; nothing when it was not. */
  public NodeOptions optionsOrNone() throws IOException {
    return options().orElseGet(() -> new NodeOptions(Map.of()));
  }

  /** Keeps what is asked for. */
  void keep(NodeOptions options) throws IOException {
    state.write(OPTIONS, options.toJson().toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Forgets it. */
  void forgetOptions() throws IOException {
    state.delete(OPTIONS);
  }

  /** Finds what differs. */
  Comparison comparison() {
    return new Comparison(machine, journal);
  }

  /**
   * The engines by their names.
   *
   * @throws SetupException when there is none of that name
   */
  List<ContainerEngine> named(List<String> names) throws SetupException {
    for (String name : names) {
      if (engines.stream().noneMatch(engine -> engine.name().equals(name))) {
        throw new SetupException(
            "there is no engine called \"%s\": this build knows %s"
                .formatted(
                    name, String.join(", ", engines.stream().map(ContainerEngine::name).toList())));
      }
    }
    return names.stream()
        .distinct()
        .flatMap(name -> engines.stream().filter(engine -> engine.name().equals(name)))
        .toList();
  }
}
