package io.intermodal.server.command.image;

import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.command.option.CriEndpoint;
import io.intermodal.server.config.Setting;
import io.intermodal.server.images.NodeImages;
import io.intermodal.server.logging.Logging;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code intermodal image rm}. One that cannot be removed does not keep the others. */
final class ImageRemoveCommand implements Subcommand {
  @Override
  public String name() {
    return "rm";
  }

  @Override
  public String description() {
    return "Removes images. Works with any CRI server.";
  }

  @Override
  public List<Setting<?>> settings() {
    return ImageOptions.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    CriEndpoint.describe(spec);
    ImageOptions.engine(spec, "Of several engines this one. Default: each that has it.");
    ImageOptions.words(spec, "1..*", "IMAGE", "Names or ids.");
  }

  @Override
  public int run(Invocation invocation) {
    Logging.start("error", "text", invocation.err());
    int code = OK;
    try (CriClient cri = new CriClient(CriEndpoint.socket(invocation))) {
      NodeImages node = new NodeImages(cri, ImageOptions.engine(invocation));
      for (String image : ImageOptions.words(invocation)) {
        try {
          // CRI is content with one that is not there; who types a name is not.
          var _ = node.get(image);
          node.remove(image);
          invocation.out().println(image);
        } catch (CriException e) {
          invocation.err().println("intermodal image rm: " + e.getMessage());
          code = FAILED;
        }
      }
    }
    return code;
  }
}
