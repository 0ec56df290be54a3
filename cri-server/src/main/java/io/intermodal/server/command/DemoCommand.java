package io.intermodal.server.command;

import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.demo.Demo;
import io.intermodal.server.demo.DemoOptions;
import io.intermodal.server.logging.Logging;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code intermodal demo}: sends one pod through the socket and says what happened. */
final class DemoCommand implements Subcommand {
  private static final String IMAGE = "--image";
  private static final String PORT = "--port";
  private static final String WAIT = "--wait";
  private static final String TIMEOUT = "--timeout";
  private static final int DEFAULT_PORT = 8080;
  private static final int DEFAULT_TIMEOUT_SECONDS = 120;

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String description() {
    return "Sends one pod through the socket: sandbox, container, log, address, exec, removal.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.CONFIG, Settings.LISTEN, Settings.STATE_DIR);
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(IMAGE)
            .type(String.class)
            .paramLabel("IMAGE")
            .description("The container's image, pulled if missing. Default: the built-in one.")
            .build());
    number(spec, PORT, "PORT", "The port that the container listens on.", DEFAULT_PORT);
    number(spec, WAIT, "SECONDS", "How long to wait for the server to be ready.", 0);
    number(
        spec,
        TIMEOUT,
        "SECONDS",
        "How long all steps may take, a pull included.",
        DEFAULT_TIMEOUT_SECONDS);
  }

  private static void number(
      CommandSpec spec, String name, String placeholder, String description, int byDefault) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(Integer.class)
            .paramLabel(placeholder)
            .description("%s Default: %d.".formatted(description, byDefault))
            .build());
  }

  @Override
  public int run(Invocation invocation) {
    Configuration configuration = invocation.configuration();
    int port = number(invocation, PORT, DEFAULT_PORT);
    int patience = number(invocation, WAIT, 0);
    int timeout = number(invocation, TIMEOUT, DEFAULT_TIMEOUT_SECONDS);
    if (port < 1 || port > 65535 || patience < 0 || timeout < 1) {
      invocation
          .err()
          .println(
              "intermodal demo: %s is 1 to 65535, %s 0 or more, %s 1 or more"
                  .formatted(PORT, WAIT, TIMEOUT));
      return USAGE;
    }
    Logging.start("warn", "text", invocation.err());
    DemoOptions options =
        new DemoOptions(
            configuration.get(Settings.LISTEN),
            Optional.ofNullable(invocation.options().matchedOptionValue(IMAGE, (String) null)),
            port,
            Duration.ofSeconds(patience),
            Duration.ofSeconds(timeout),
            configuration.get(Settings.STATE_DIR).resolve("demo"));
    return new Demo(options, invocation.out(), invocation.err()).run() ? OK : FAILED;
  }

  private static int number(Invocation invocation, String name, int byDefault) {
    return invocation.options().matchedOptionValue(name, byDefault);
  }
}
