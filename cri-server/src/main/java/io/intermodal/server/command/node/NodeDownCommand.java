package io.intermodal.server.command.node;

import io.intermodal.server.command.Subcommand;
import io.intermodal.server.config.Setting;
import io.intermodal.server.setup.NodeDown;
import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.change.Narrator;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code intermodal node down}: takes a node back. */
final class NodeDownCommand implements Subcommand {
  private static final String KEEP_IMAGES = "--keep-images";
  private static final String LEAVE_PODS = "--leave-pods";
  private static final String DRY_RUN = "--dry-run";

  @Override
  public String name() {
    return "down";
  }

  @Override
  public String description() {
    return "Takes back all that made this machine a node: its pods, daemons, files, rules.";
  }

  @Override
  public List<Setting<?>> settings() {
    return NodeAccess.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    flag(spec, KEEP_IMAGES, "Leaves the images that were pulled since.");
    flag(spec, LEAVE_PODS, "Does not remove pods, for a server that does not come up any more.");
    flag(spec, DRY_RUN, "Says what would be done, and does nothing.");
    Output.describe(spec);
  }

  private static void flag(CommandSpec spec, String name, String description) {
    spec.addOption(
        OptionSpec.builder(name).type(boolean.class).arity("0").description(description).build());
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    Output output = Output.of(invocation);
    try (NodeAccess access = NodeAccess.open(invocation)) {
      boolean dry = invocation.options().hasMatchedOption(DRY_RUN);
      Narrator narrator = output.narrator(invocation.out());
      NodeDown down = new NodeDown(access.node(), narrator);
      List<Change> changes = down.plan();
      if (dry || output == Output.json) {
        output.print(changes, access.node().machine().services(), invocation.out());
      }
      if (!dry) {
        down.make(
            invocation.options().hasMatchedOption(KEEP_IMAGES),
            invocation.options().hasMatchedOption(LEAVE_PODS));
        if (output == Output.text) {
          invocation
              .out()
              .println(changes.isEmpty() ? "there was nothing to take down" : "the node is down");
        }
      }
      return OK;
    }
  }
}
