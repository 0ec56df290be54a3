package io.intermodal.server.command;

import io.intermodal.server.command.option.CriEndpoint;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.logging.Logging;
import io.intermodal.server.status.NodeStatus;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code intermodal status}: how the server and its engines are. */
final class StatusCommand implements Subcommand {
  private static final String OUTPUT = "--output";

  @Override
  public String name() {
    return "status";
  }

  @Override
  public String description() {
    return "Shows the engines that are served: health, versions, what is on them, how fast they"
        + " answer. Exits with 0 when every engine is ready, with 1 otherwise.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.CONFIG, Settings.LISTEN);
  }

  @Override
  public void describe(CommandSpec spec) {
    CriEndpoint.describe(spec);
    spec.addOption(
        OptionSpec.builder("-o", OUTPUT)
            .type(Format.class)
            .paramLabel("FORMAT")
            .description("table, or json. Default: table.")
            .build());
  }

  /** How it is printed; named as it is typed. */
  private enum Format {
    table,
    json
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    ParseResult given = invocation.options();
    Path socket = CriEndpoint.socket(invocation);
    NodeStatus.Form form =
        switch (given.matchedOptionValue(OUTPUT, Format.table)) {
          case table -> NodeStatus.Form.TEXT;
          case json -> NodeStatus.Form.JSON;
        };
    Logging.start("error", "text", invocation.err());
    return new NodeStatus(socket, form, invocation.out()).run() ? OK : FAILED;
  }
}
