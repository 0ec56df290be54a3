package io.intermodal.server.command;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code intermodal config}: the effective settings, and where each came from. */
final class ConfigCommand implements Subcommand {
  private static final String OUTPUT = "--output";
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  @Override
  public String name() {
    return "config";
  }

  @Override
  public String description() {
    return "Prints the effective settings and where each came from.";
  }

  @Override
  public List<Setting<?>> settings() {
    return Settings.ALL;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-o", OUTPUT)
            .type(Format.class)
            .paramLabel("FORMAT")
            .description(
                "table, yaml (a file that --config accepts), json, or reference (what can be set, as"
                    + " Markdown). Default: table.")
            .build());
  }

  /** How it is printed; named as it is typed. */
  private enum Format {
    table,
    yaml,
    json,
    reference
  }

  @Override
  public int run(Invocation invocation) {
    Configuration configuration = invocation.configuration();
    switch (invocation.options().matchedOptionValue(OUTPUT, Format.table)) {
      case table -> table(configuration, invocation.out());
      case yaml -> yaml(configuration, invocation.out());
      case json -> json(configuration, invocation.out());
      case reference -> invocation.out().print(SettingsReference.markdown());
    }
    configuration.warnings().forEach(invocation.err()::println);
    return OK;
  }

  private static void table(Configuration configuration, PrintStream out) {
    String row = "%-20s %-44s %s\n";
    out.printf(row, "SETTING", "VALUE", "FROM");
    for (Setting<?> setting : Settings.ALL) {
      Configuration.Value value = configuration.value(setting);
      String text = value.text().isEmpty() ? "-" : value.text();
      out.printf(row, setting.name(), text, value.source().describe());
    }
  }

  private static void yaml(Configuration configuration, PrintStream out) {
    for (Setting<?> setting : Settings.ALL) {
      Configuration.Value value = configuration.value(setting);
      // A JSON string is a YAML string too. The file cannot name itself.
      out.printf(
          "%s%s: %s # %s\n",
          setting.inFile() ? "" : "# ",
          setting.name(),
          JSON.toJson(value.text()),
          value.source().describe());
    }
  }

  private static void json(Configuration configuration, PrintStream out) {
    JsonObject settings = new JsonObject();
    for (Setting<?> setting : Settings.ALL) {
      Configuration.Value value = configuration.value(setting);
      JsonObject entry = new JsonObject();
      entry.addProperty("value", value.text());
      entry.addProperty("from", value.source().describe());
      settings.add(setting.name(), entry);
    }
    out.println(JSON.toJson(settings));
  }
}
