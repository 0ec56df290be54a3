package io.intermodal.server.command.node;

import io.intermodal.server.command.Subcommand;
import io.intermodal.server.config.Setting;
import io.intermodal.server.setup.NodeUp;
import io.intermodal.server.setup.change.Narrator;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code intermodal node up} and {@code node plan}, which says what the former would do. */
record NodeUpCommand(Mode mode) implements Subcommand {
  private static final String PRELOAD = "--preload";

  /** Whether it is done or only said. */
  enum Mode {
    MAKE("up", "Makes this machine a node: engine, network, server, what kubelet and crictl read."),
    PLAN("plan", "Says what node up would do: every file as a diff, every command, every reason.");

    private final String word;
    private final String description;

    Mode(String word, String description) {
      this.word = word;
      this.description = description;
    }
  }

  @Override
  public String name() {
    return mode.word;
  }

  @Override
  public String description() {
    return mode.description;
  }

  @Override
  public List<Setting<?>> settings() {
    return NodeAccess.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    NodeAccess.describe(spec);
    if (mode == Mode.MAKE) {
      spec.addOption(
          OptionSpec.builder(PRELOAD)
              .type(List.class)
              .auxiliaryTypes(Path.class)
              .arity("1")
              .paramLabel("FILE")
              .description(
                  "An archive of images to load into the default engine; may be given again.")
              .build());
    }
    Output.describe(spec);
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    Output output = Output.of(invocation);
    try (NodeAccess access = NodeAccess.open(invocation)) {
      Narrator narrator = output.narrator(invocation.out());
      NodeUp up = new NodeUp(access.node(), narrator);
      NodeUp.Plan plan = up.plan(NodeAccess.options(invocation));
      if (mode == Mode.PLAN || output == Output.json) {
        output.print(plan.changes(), access.node().machine().services(), invocation.out());
      }
      if (mode == Mode.MAKE) {
        List<Path> none = List.of();
        up.make(plan, invocation.options().matchedOptionValue(PRELOAD, none));
        if (output == Output.text) {
          invocation
              .out()
              .println(
                  plan.changes().isEmpty()
                      ? "the node is up; nothing had to be changed"
                      : "the node is up");
        }
      }
      return OK;
    }
  }
}
