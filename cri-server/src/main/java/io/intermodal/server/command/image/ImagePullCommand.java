package io.intermodal.server.command.image;

import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.ImageReference;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.command.option.CriEndpoint;
import io.intermodal.server.config.ConfigException;
import io.intermodal.server.config.Setting;
import io.intermodal.server.images.NodeImages;
import io.intermodal.server.images.RegistryLogins;
import io.intermodal.server.images.progress.Progress;
import io.intermodal.server.logging.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code intermodal image pull}. */
final class ImagePullCommand implements Subcommand {
  private static final String CREDENTIALS = "--creds";
  private static final String LOGINS = "--auth-file";

  @Override
  public String name() {
    return "pull";
  }

  @Override
  public String description() {
    return "Pulls images. Works with any CRI server.";
  }

  @Override
  public List<Setting<?>> settings() {
    return ImageOptions.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    CriEndpoint.describe(spec);
    ImageOptions.engine(spec, "Of several engines this one. Default: the server's default one.");
    ImageOptions.text(
        spec,
        CREDENTIALS,
        "USER:PASSWORD",
        "For the registry. Others on this machine may see it: prefer a file.");
    ImageOptions.text(
        spec,
        LOGINS,
        "FILE",
        "A config.json of Docker with logins. Default: ~/.docker/config.json, if there is one.");
    ImageOptions.words(spec, "1..*", "IMAGE", "Names with a tag or a digest, or none for latest.");
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    Logging.start("error", "text", invocation.err());
    Optional<AuthConfig> typed = ImageOptions.text(invocation, CREDENTIALS).map(this::typed);
    List<String> names = ImageOptions.words(invocation);
    List<ImageReference> images = names.stream().map(ImagePullCommand::reference).toList();
    Optional<RegistryLogins> logins = typed.isPresent() ? Optional.empty() : logins(invocation);
    try (CriClient cri = new CriClient(CriEndpoint.socket(invocation))) {
      NodeImages node = new NodeImages(cri, ImageOptions.engine(invocation));
      for (int i = 0; i < names.size(); i++) {
        ImageReference image = images.get(i);
        AuthConfig auth =
            typed
                .or(() -> logins.flatMap(some -> some.of(image)))
                .orElseGet(AuthConfig::getDefaultInstance);
        String name = names.get(i);
        String id = ImageOptions.showing(invocation, progress -> pull(node, name, auth, progress));
        invocation.out().println(name + " " + id);
      }
    }
    return OK;
  }

  private static String pull(NodeImages node, String name, AuthConfig auth, Progress progress) {
    progress.begin("pulling " + name, 0);
    return node.pull(name, auth);
  }

  private static ImageReference reference(String name) {
    try {
      return ImageReference.parse(name);
    } catch (CriException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private AuthConfig typed(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new ConfigException(CREDENTIALS + " is not USER:PASSWORD");
    }
    return RegistryLogins.of(text.substring(0, colon), text.substring(colon + 1));
  }

  private static Optional<RegistryLogins> logins(Invocation invocation) throws IOException {
    Optional<String> named = ImageOptions.text(invocation, LOGINS);
    Path file =
        named.map(Path::of).orElseGet(() -> RegistryLogins.usualFile(invocation.environment()));
    if (named.isPresent() && !Files.exists(file)) {
      throw new ConfigException("%s: there is no file %s".formatted(LOGINS, file));
    }
    return Files.exists(file) ? Optional.of(RegistryLogins.read(file)) : Optional.empty();
  }
}
