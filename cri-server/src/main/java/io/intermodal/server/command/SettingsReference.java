package io.intermodal.server.command;

import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import java.util.stream.Collectors;

/** What can be set, as a page of Markdown: {@code docs/configuration.md} is this text. */
final class SettingsReference {
  private static final String HEAD =
      """
      # Settings

      A flag beats the environment variable, which beats the key in the file, which beats the
      default. An empty variable counts as not set; an unknown key in the file is an error.
      `intermodal config` prints the effective values and where each came from, and
      `intermodal config -o reference` prints this page.

      | flag | key in the file | variable | default | |
      |---|---|---|---|---|
      """;

  private SettingsReference() {}

  static String markdown() {
    return Settings.ALL.stream()
        .map(SettingsReference::row)
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String row(Setting<?> setting) {
    return "| %s | %s | %s | %s | %s |\n"
        .formatted(
            code(setting.flag() + "=" + setting.placeholder()),
            setting.inFile() ? code(setting.name()) : "",
            code(setting.environmentVariable()),
            setting.defaultText().isEmpty() ? "" : code(setting.defaultText()),
            setting.description());
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
