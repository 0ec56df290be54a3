package io.intermodal.server.command.node;

import io.intermodal.server.command.Subcommand;
import io.intermodal.server.config.Setting;
import io.intermodal.server.setup.NodeInHand;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code intermodal node kubeadm-config}: what kubeadm needs to know of this node. */
final class KubeadmConfigCommand implements Subcommand {
  @Override
  public String name() {
    return "kubeadm-config";
  }

  @Override
  public String description() {
    return "Prints a file for kubeadm init --config: the server's socket and this node's settings.";
  }

  @Override
  public List<Setting<?>> settings() {
    return NodeAccess.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    NodeAccess.describe(spec);
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    try (NodeAccess access = NodeAccess.open(invocation)) {
      NodeInHand node = access.node();
      invocation
          .out()
          .print(node.planner().kubeadm(NodeAccess.options(invocation).over(node.optionsOrNone())));
      return OK;
    }
  }
}
