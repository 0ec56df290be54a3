package io.intermodal.server.command.option;

import io.intermodal.server.command.Subcommand.Invocation;
import io.intermodal.server.config.Settings;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code -r}: which CRI server is asked, by the name that crictl has for it. */
public final class CriEndpoint {
  private static final String OPTION = "--runtime-endpoint";

  private CriEndpoint() {}

  /** Adds the option, to a subcommand with the setting {@link Settings#LISTEN}. */
  public static void describe(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-r", OPTION)
            .type(String.class)
            .paramLabel("URL")
            .description("Another server's socket: the same as --listen.")
            .build());
  }

  /** The server's socket. */
  public static Path socket(Invocation invocation) {
    ParseResult given = invocation.options();
    return given.hasMatchedOption(OPTION)
        ? Settings.LISTEN.parse(OPTION, given.matchedOptionValue(OPTION, ""))
        : invocation.configuration().get(Settings.LISTEN);
  }
}
