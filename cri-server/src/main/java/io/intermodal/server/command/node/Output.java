package io.intermodal.server.command.node;

import com.google.gson.GsonBuilder;
import io.intermodal.server.command.Subcommand.Invocation;
import io.intermodal.server.setup.change.Change;
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

  void print(List<Change> changes, Services services, PrintStream out) {
    switch (this) {
      case text -> new PlanText(services).lines(changes).forEach(out::println);
      case json ->
          out.println(
              new GsonBuilder()
                  .setPrettyPrinting()
                  .disableHtmlEscaping()
                  .create()
                  .toJson(new PlanJson(services).of(changes)));
    }
  }
}
