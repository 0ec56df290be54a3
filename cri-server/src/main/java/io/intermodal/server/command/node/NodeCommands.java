package io.intermodal.server.command.node;

import io.intermodal.server.command.Subcommand;
import io.intermodal.server.command.SubcommandGroup;
import java.util.List;

/** What may follow {@code intermodal node}. */
public final class NodeCommands {
  private NodeCommands() {}

  public static Subcommand group() {
    return new SubcommandGroup(
        "node",
        "Makes this machine a node on a container engine, and takes that back.",
        List.of(
            new NodeUpCommand(NodeUpCommand.Mode.MAKE),
            new NodeUpCommand(NodeUpCommand.Mode.PLAN),
            new NodeStatusCommand(),
            new NodeSwitchCommand(),
            new NodeDownCommand(),
            new KubeadmConfigCommand(),
            new DoctorCommand()));
  }
}
