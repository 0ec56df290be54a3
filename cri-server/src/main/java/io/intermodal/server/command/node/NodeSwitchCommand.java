package io.intermodal.server.command.node;

import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.config.Setting;
import io.intermodal.server.setup.NodeSwitch;
import io.intermodal.server.setup.change.Narrator;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code intermodal node switch}: moves a node to other engines. */
final class NodeSwitchCommand implements Subcommand {
  private static final String DRAIN = "--drain";
  private static final String WAIT = "--wait-at-most";
  private static final int USUAL_MINUTES = 60;

  /** What becomes of pods; named as it is typed. */
  private enum Drain {
    move,
    wait
  }

  @Override
  public String name() {
    return "switch";
  }

  @Override
  public String description() {
    return "Moves this node to other engines: new pods go to the new one, and when the old one has"
        + " none any more it goes.";
  }

  @Override
  public List<Setting<?>> settings() {
    return NodeAccess.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(DRAIN)
            .type(Drain.class)
            .paramLabel("HOW")
            .description(
                "move removes the old engine's pods, for a kubelet to make them anew on the new"
                    + " one; wait waits until they have ended. Default: move.")
            .build());
    spec.addOption(
        OptionSpec.builder(WAIT)
            .type(int.class)
            .paramLabel("MINUTES")
            .description("How long --drain=wait waits. Default: 60.")
            .build());
    Output.describe(spec);
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    List<String> engines =
        NodeAccess.engines(invocation)
            .orElseThrow(
                () -> new SetupException("say to which engines: --container-runtime=containerd"));
    Output output = Output.of(invocation);
    try (NodeAccess access = NodeAccess.open(invocation)) {
      Narrator narrator = output.narrator(invocation.out());
      NodeSwitch.Draining draining =
          switch (invocation.options().matchedOptionValue(DRAIN, Drain.move)) {
            case move -> new NodeSwitch.Draining.Move();
            case wait ->
                new NodeSwitch.Draining.Wait(
                    Duration.ofMinutes(
                        invocation.options().matchedOptionValue(WAIT, USUAL_MINUTES)));
          };
      NodeSwitch change = new NodeSwitch(access.node(), narrator);
      if (output == Output.json) {
        output.print(
            change.plan(engines).changes(), access.node().machine().services(), invocation.out());
      }
      change.make(engines, draining);
      if (output == Output.text) {
        invocation.out().println("the node is on " + String.join(", ", engines));
      }
      return OK;
    }
  }
}
