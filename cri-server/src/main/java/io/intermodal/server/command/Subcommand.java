package io.intermodal.server.command;

import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A word after {@code intermodal} and what it does. */
public interface Subcommand {
  /** Exit code: all went well. */
  int OK = 0;

  /** Exit code: it did not do what it was asked for. */
  int FAILED = 1;

  /** Exit code: it was asked for something that cannot be meant. */
  int USAGE = 2;

  String name();

  /** One sentence for the help text. */
  String description();

  /** The settings that it uses: it gets a flag for each. */
  List<Setting<?>> settings();

  /** Adds options of its own, beside those of its settings. */
  default void describe(CommandSpec spec) {}

  /** What may follow it; it then does nothing by itself. */
  default List<Subcommand> subcommands() {
    return List.of();
  }

  /**
   * Does it.
   *
   * @return the exit code
   * @throws Exception with a message of one line; the exit code is then {@link #FAILED}
   */
  int run(Invocation invocation) throws Exception;

  /**
   * How it was called.
   *
   * @param configuration the settings, from all sources
   * @param options its own options
   * @param environment the environment
   * @param out where results are printed
   * @param err where messages and the log go
   */
  record Invocation(
      Configuration configuration,
      ParseResult options,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {}
}
