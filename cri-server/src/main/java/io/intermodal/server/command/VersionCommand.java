package io.intermodal.server.command;

import io.intermodal.server.config.Setting;
import java.util.List;

/** {@code intermodal version}. */
final class VersionCommand implements Subcommand {
  @Override
  public String name() {
    return "version";
  }

  @Override
  public String description() {
    return "Prints which build this is.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of();
  }

  @Override
  public int run(Invocation invocation) {
    invocation.out().println(Version.text());
    return OK;
  }
}
