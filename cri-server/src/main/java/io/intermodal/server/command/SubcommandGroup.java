package io.intermodal.server.command;

import io.intermodal.server.config.Setting;
import java.util.List;

/**
 * A word that others must follow: {@code node} in {@code intermodal node up}. By itself it only
 * says which.
 *
 * @param name the word
 * @param description one sentence for the help text
 * @param subcommands what may follow it
 */
public record SubcommandGroup(String name, String description, List<Subcommand> subcommands)
    implements Subcommand {
  public SubcommandGroup {
    subcommands = List.copyOf(subcommands);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of();
  }

  @Override
  public int run(Invocation invocation) {
    throw new IllegalStateException(name + " does nothing by itself");
  }
}
