package io.intermodal.server.command;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.command.image.ImageSubcommands;
import io.intermodal.server.command.node.DoctorCommand;
import io.intermodal.server.command.node.NodeCommands;
import io.intermodal.server.config.ConfigException;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's command line. */
public final class CommandLineProgram {
  private final List<Subcommand> subcommands;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param environment the environment
   * @param out where results are printed
   * @param err where messages and the log go
   */
  public CommandLineProgram(
      List<Subcommand> subcommands,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    this.subcommands = List.copyOf(subcommands);
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  /** The subcommands of this build, in the order of the help text. */
  public static List<Subcommand> standard() {
    return List.of(
        new ServeCommand(),
        new DemoCommand(),
        new TopCommand(),
        new StatusCommand(),
        NodeCommands.group(),
        new DoctorCommand(),
        new SubcommandGroup(
            "image",
            "Lists, pulls and removes images, loads and saves them as archives, on whatever engine.",
            ImageSubcommands.all()),
        new DefaultNetworkCommand(),
        new ConfigCommand(),
        new VersionCommand());
  }

  /**
   * Runs what the arguments say, until it ends.
   *
   * @return the exit code: 0 all is well, 1 it failed, 2 it was not understood
   */
  public int run(String... arguments) {
    CommandSpec program = CommandSpec.create().name("intermodal").mixinStandardHelpOptions(true);
    program
        .usageMessage()
        .description("One CRI socket in front of Docker, containerd, CRI-O, rkt.");
    program.version(Version.text());
    for (Subcommand subcommand : subcommands) {
      program.addSubcommand(subcommand.name(), spec(subcommand));
    }
    CommandLine line =
        new CommandLine(program)
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler((problem, args) -> misunderstood(problem))
            .setExecutionStrategy(this::execute);
    return line.execute(arguments);
  }

  private static CommandSpec spec(Subcommand subcommand) {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(subcommand)
            .name(subcommand.name())
            .mixinStandardHelpOptions(true);
    spec.usageMessage().description(subcommand.description()).sortOptions(false);
    for (Setting<?> setting : subcommand.settings()) {
      spec.addOption(
          OptionSpec.builder(setting.flag())
              .type(String.class)
              .arity("1")
              .paramLabel(setting.placeholder())
              .description(help(setting))
              .build());
    }
    subcommand.describe(spec);
    for (Subcommand narrower : subcommand.subcommands()) {
      spec.addSubcommand(narrower.name(), spec(narrower));
    }
    return spec;
  }

  /** A percent sign begins a format in picocli's texts; ours have none. */
  private static String help(Setting<?> setting) {
    return "%s Default: %s. Environment: %s."
        .formatted(
            setting.description(),
            setting.defaultText().isEmpty() ? "none" : setting.defaultText(),
            setting.environmentVariable());
  }

  private int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    ParseResult options = parsed;
    while (options.hasSubcommand()) {
      options = options.subcommand();
    }
    if (!(options.commandSpec().userObject() instanceof Subcommand subcommand)
        || !subcommand.subcommands().isEmpty()) {
      options.commandSpec().commandLine().usage(err);
      return Subcommand.USAGE;
    }
    String name = options.commandSpec().qualifiedName(" ");
    try {
      Configuration configuration =
          subcommand.settings().isEmpty()
              ? Configuration.load(Map.of(), Map.of())
              : Configuration.load(flags(subcommand, options), environment);
      return subcommand.run(
          new Subcommand.Invocation(configuration, options, environment, out, err));
    } catch (ConfigException e) {
      return complain(name, reason(e), Subcommand.USAGE);
    } catch (Exception e) {
      LoggerFactory.getLogger(CommandLineProgram.class).debug("{} failed", name, e);
      return complain(name, reason(e), Subcommand.FAILED);
    }
  }

  private static Map<String, String> flags(Subcommand subcommand, ParseResult options) {
    Map<String, String> flags = new LinkedHashMap<>();
    for (Setting<?> setting : subcommand.settings()) {
      if (options.hasMatchedOption(setting.flag())) {
        flags.put(setting.name(), options.matchedOptionValue(setting.flag(), ""));
      }
    }
    return flags;
  }

  private int misunderstood(ParameterException problem) {
    String name = problem.getCommandLine().getCommandSpec().qualifiedName(" ");
    String hint =
        problem instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions().stream()
                .findFirst()
                .map(" (did you mean %s?)"::formatted)
                .orElse("")
            : "";
    return complain(name, problem.getMessage() + hint, Subcommand.USAGE);
  }

  private int complain(String name, String problem, int code) {
    err.println(name + ": " + problem.lines().reduce((a, b) -> a + " " + b).orElse(""));
    return code;
  }

  /** What an exception says; its kind too where the words alone mean little. */
  private static String reason(Exception e) {
    String message = e.getMessage();
    boolean plain =
        e instanceof CriException
            || e instanceof ConfigException
            || e instanceof SetupException
            || e.getClass() == IOException.class;
    return plain && message != null ? message : e.toString();
  }
}
