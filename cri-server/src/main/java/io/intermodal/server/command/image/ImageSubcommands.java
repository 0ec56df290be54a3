package io.intermodal.server.command.image;

import io.intermodal.server.command.Subcommand;
import java.util.List;

/** What may follow {@code intermodal image}. */
public final class ImageSubcommands {
  private ImageSubcommands() {}

  /** All of them, in the order of the help text. */
  public static List<Subcommand> all() {
    return List.of(
        new ImageListCommand(),
        new ImagePullCommand(),
        new ImageRemoveCommand(),
        new ImageLoadCommand(),
        new ImageSaveCommand());
  }
}
