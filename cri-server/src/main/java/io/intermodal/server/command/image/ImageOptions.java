package io.intermodal.server.command.image;

import io.intermodal.server.command.Subcommand.Invocation;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.images.ImageLoading;
import io.intermodal.server.images.progress.Progress;
import io.intermodal.server.images.progress.TerminalProgress;
import io.intermodal.server.top.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What the commands about images have in common: their options, and what these mean. */
final class ImageOptions {
  static final List<Setting<?>> SETTINGS = List.of(Settings.CONFIG, Settings.LISTEN);
  static final List<Setting<?>> SETTINGS_OF_ARCHIVES =
      List.of(Settings.CONFIG, Settings.LISTEN, Settings.STATE_DIR);

  private static final String ENGINE = "--container-runtime";
  private static final String OUTPUT = "--output";

  private ImageOptions() {}

  /** How it is printed; named as it is typed. */
  enum Format {
    table,
    json
  }

  /** Adds {@code -o}. */
  static void output(CommandSpec spec) {
    value(spec, "-o", OUTPUT, Format.class, "FORMAT", "table, or json. Default: table.");
  }

  /** Adds the option that chooses one of several engines. */
  static void engine(CommandSpec spec, String description) {
    spec.addOption(
        OptionSpec.builder(ENGINE)
            .type(String.class)
            .paramLabel("ENGINE")
            .description(description)
            .build());
  }

  static void value(
      CommandSpec spec, String letter, String name, Class<?> type, String label, String text) {
    spec.addOption(
        OptionSpec.builder(letter, name).type(type).paramLabel(label).description(text).build());
  }

  static void text(CommandSpec spec, String name, String label, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .build());
  }

  /**
   * Adds what is not an option.
   *
   * @param arity as picocli writes it: {@code 1..*}
   */
  static void words(CommandSpec spec, String arity, String label, String description) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .arity(arity)
            .required(!arity.startsWith("0"))
            .type(String[].class)
            .paramLabel(label)
            .description(description)
            .build());
  }

  /** Adds one word that is not an option and must be there. */
  static void word(CommandSpec spec, String label, String description) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .build());
  }

  /** The word of {@link #word}. */
  static String word(Invocation invocation) {
    return invocation.options().matchedPositionalValue(0, "");
  }

  /** The words that are no options. */
  static List<String> words(Invocation invocation) {
    return List.of(invocation.options().matchedPositionalValue(0, new String[0]));
  }

  static boolean json(Invocation invocation) {
    return invocation.options().matchedOptionValue(OUTPUT, Format.table) == Format.json;
  }

  /** The engine that is named; empty for none. */
  static String engine(Invocation invocation) {
    return invocation.options().matchedOptionValue(ENGINE, "");
  }

  static Optional<String> text(Invocation invocation, String name) {
    return Optional.ofNullable(invocation.options().matchedOptionValue(name, (String) null));
  }

  /** For archives on their way. */
  static Path workFolder(Invocation invocation) {
    return ImageLoading.workFolder(invocation.configuration().get(Settings.STATE_DIR));
  }

  /** Something to do whose progress is shown, if somebody looks. */
  @FunctionalInterface
  interface Work<R> {
    R run(Progress progress) throws Exception;
  }

  /** Does it. */
  static <R> R showing(Invocation invocation, Work<R> work) throws Exception {
    if (!Terminal.isThereForErrors(invocation.environment().getOrDefault("TERM", ""))) {
      return work.run(Progress.NONE);
    }
    try (TerminalProgress progress = new TerminalProgress(invocation.err())) {
      return work.run(progress);
    }
  }
}
