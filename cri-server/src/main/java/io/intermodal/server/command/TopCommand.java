package io.intermodal.server.command;

import io.intermodal.server.command.option.CriEndpoint;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.logging.Logging;
import io.intermodal.server.top.Top;
import io.intermodal.server.top.TopOptions;
import io.intermodal.server.top.table.SortKey;
import io.intermodal.server.top.table.Table;
import io.intermodal.server.top.table.View;
import io.intermodal.server.top.terminal.Terminal;
import io.intermodal.server.top.usage.PodFilter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code intermodal top}: what pods and containers use, refreshed. */
final class TopCommand implements Subcommand {
  private static final String DELAY = "--delay";
  private static final String ITERATIONS = "--iterations";
  private static final String SORT = "--sort";
  private static final String PODS = "--pods";
  private static final String CONTAINERS = "--containers";
  private static final String POD = "--pod";
  private static final String NAMESPACE = "--namespace";
  private static final String OUTPUT = "--output";
  private static final double DEFAULT_SECONDS = 2;
  private static final double SHORTEST_SECONDS = 0.1;
  private static final double LONGEST_SECONDS = 86_400;

  @Override
  public String name() {
    return "top";
  }

  @Override
  public String description() {
    return "Shows what pods and containers use: CPU, memory, network. Works with any CRI server.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.CONFIG, Settings.LISTEN);
  }

  @Override
  public void describe(CommandSpec spec) {
    CriEndpoint.describe(spec);
    value(spec, "-d", DELAY, Double.class, "SECONDS", "Between two samples. Default: 2.");
    value(
        spec,
        "-n",
        ITERATIONS,
        Integer.class,
        "COUNT",
        "How many tables. Default: no end; 1 for json.");
    value(spec, "-s", SORT, String.class, "KEY", words() + ". Default: cpu.");
    value(spec, "-p", POD, String.class, "NAME", "Only pods with this in their name.");
    value(spec, "-N", NAMESPACE, String.class, "NAME", "Only pods of this namespace.");
    value(
        spec,
        "-o",
        OUTPUT,
        Format.class,
        "FORMAT",
        "table, or json (one object a line). Default: table.");
    flag(spec, PODS, "Pods without their containers.");
    flag(spec, CONTAINERS, "Containers alone.");
  }

  /** How it is printed; named as it is typed. */
  private enum Format {
    table,
    json
  }

  private static void value(
      CommandSpec spec, String letter, String name, Class<?> type, String label, String text) {
    spec.addOption(
        OptionSpec.builder(letter, name).type(type).paramLabel(label).description(text).build());
  }

  private static void flag(CommandSpec spec, String name, String description) {
    spec.addOption(OptionSpec.builder(name).description(description).build());
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    ParseResult given = invocation.options();
    double seconds = given.matchedOptionValue(DELAY, DEFAULT_SECONDS);
    boolean json = given.matchedOptionValue(OUTPUT, Format.table) == Format.json;
    int iterations = given.matchedOptionValue(ITERATIONS, json ? 1 : 0);
    Optional<SortKey> key = key(given.matchedOptionValue(SORT, SortKey.CPU.toString()));
    boolean both = given.hasMatchedOption(PODS) && given.hasMatchedOption(CONTAINERS);
    if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS)
        || (given.hasMatchedOption(ITERATIONS) && iterations < 1)
        || key.isEmpty()
        || both) {
      invocation
          .err()
          .println(
              "intermodal top: %s is 0.1 to 86400, %s 1 or more, %s one of %s; %s or %s"
                  .formatted(DELAY, ITERATIONS, SORT, words(), PODS, CONTAINERS));
      return USAGE;
    }
    // Whatever is logged would be written into the screen: what goes wrong is said there.
    Logging.start("error", "text", invocation.err());
    TopOptions options =
        new TopOptions(
            CriEndpoint.socket(invocation),
            Duration.ofMillis(Math.round(seconds * 1000)),
            iterations == 0 ? OptionalInt.empty() : OptionalInt.of(iterations),
            new PodFilter(text(given, NAMESPACE), text(given, POD)),
            new Table.Choice(view(given), key.get(), false),
            json ? TopOptions.Form.JSON : form(invocation));
    return new Top(options, invocation.out(), invocation.err()).run() ? OK : FAILED;
  }

  /** An empty NO_COLOR is none, by no-color.org. */
  private static TopOptions.Form form(Invocation invocation) {
    if (!Terminal.isThere(invocation.environment().getOrDefault("TERM", ""))) {
      return TopOptions.Form.TEXT;
    }
    return invocation.environment().getOrDefault("NO_COLOR", "").isEmpty()
        ? TopOptions.Form.SCREEN
        : TopOptions.Form.PLAIN_SCREEN;
  }

  private static View view(ParseResult given) {
    if (given.hasMatchedOption(PODS)) {
      return View.PODS;
    }
    return given.hasMatchedOption(CONTAINERS) ? View.CONTAINERS : View.TREE;
  }

  private static Optional<String> text(ParseResult given, String name) {
    return Optional.ofNullable(given.matchedOptionValue(name, (String) null));
  }

  private static Optional<SortKey> key(String word) {
    return Arrays.stream(SortKey.values())
        .filter(key -> key.toString().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private static String words() {
    return Arrays.stream(SortKey.values()).map(SortKey::toString).collect(Collectors.joining(", "));
  }
}
