package io.intermodal.server.command.node;

import com.google.gson.JsonElement;
import io.intermodal.server.command.Subcommand.Invocation;
import io.intermodal.server.command.option.JsonOutput;
import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.change.Narrator;
import io.intermodal.server.setup.output.NarratedLines;
import io.intermodal.server.setup.output.PlanJson;
import io.intermodal.server.setup.output.PlanText;
import io.intermodal.server.setup.service.Services;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** How a command says what it does; named as it is typed. */
enum Output {
  text,
  json;

  private static final String OPTION = "--output";

  static void describe(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-o", OPTION)
            .type(Output.class)
            .paramLabel("FORMAT")
            .description("text, or json. Default: text.")
            .build());
  }

  static Output of(Invocation invocation) {
    return invocation.options().matchedOptionValue(OPTION, text);
  }

  /** Says it in lines or as JSON. */
  void print(List<String> lines, JsonElement json, PrintStream out) {
    switch (this) {
      case text -> lines.forEach(out::println);
      case json -> JsonOutput.print(json, out);
    }
  }

  /** Says what is to be changed. */
  void print(List<Change> changes, Services services, PrintStream out) {
    print(new PlanText(services).lines(changes), new PlanJson(services).of(changes), out);
  }

  /** Who tells people what happens; a program is told the plan only. */
  Narrator narrator(PrintStream out) {
    return this == text ? new NarratedLines(out) : Narrator.SILENT;
  }
}
