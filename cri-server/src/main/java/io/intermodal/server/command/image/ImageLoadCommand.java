package io.intermodal.server.command.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.runtime.images.ImageArchive.ArchivedImage;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.command.option.CriEndpoint;
import io.intermodal.server.command.option.JsonOutput;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.images.ImageLoading;
import io.intermodal.server.images.ImageLoading.Target;
import io.intermodal.server.images.NodeImages;
import io.intermodal.server.images.ServedEngines;
import io.intermodal.server.images.progress.Progress;
import io.intermodal.server.logging.Logging;
import io.intermodal.server.report.EngineReport;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

/** {@code intermodal image load}. */
final class ImageLoadCommand implements Subcommand {
  private static final String NAME = "--name";
  private static final String STANDARD_INPUT = "-";

  @Override
  public String name() {
    return "load";
  }

  @Override
  public String description() {
    return "Loads images from an archive: of docker save, an OCI archive or an OCI layout folder;"
        + " plain or compressed with gzip or zstd.";
  }

  @Override
  public List<Setting<?>> settings() {
    return ImageOptions.SETTINGS_OF_ARCHIVES;
  }

  @Override
  public void describe(CommandSpec spec) {
    CriEndpoint.describe(spec);
    ImageOptions.output(spec);
    ImageOptions.engine(
        spec, "Of several engines this one, or all. Default: the server's default one.");
    ImageOptions.text(
        spec, NAME, "IMAGE", "What the image is called, for an archive of one that has no name.");
    ImageOptions.word(spec, "FILE", "The archive, or - for standard input.");
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    Logging.start("error", "text", invocation.err());
    String file = ImageOptions.word(invocation);
    try (CriClient cri = new CriClient(CriEndpoint.socket(invocation))) {
      ServedEngines served = ServedEngines.of(cri, Settings.engines());
      List<EngineReport> engines = served.meantBy(ImageOptions.engine(invocation));
      Path work = ImageOptions.workFolder(invocation);
      List<Target> targets =
          engines.stream()
              .map(engine -> new Target(engine.name(), served.archives(engine, work)))
              .toList();
      List<ArchivedImage> images =
          ImageOptions.showing(
              invocation,
              progress ->
                  load(
                      file,
                      ImageOptions.text(invocation, NAME),
                      targets,
                      new ImageLoading(work, progress, warning(invocation, progress))));
      for (EngineReport engine : engines) {
        NodeImages node = new NodeImages(cri, served.areSeveral() ? engine.name() : "");
        images.forEach(image ->
            image
                .names()
                .forEach(name -> {
                  var _ = node.seen(name);
                }));
      }
      print(invocation, images, engines);
    }
    return OK;
  }

  private static Consumer<String> warning(Invocation invocation, Progress progress) {
    return text -> {
      progress.end();
      invocation.err().println("intermodal image load: " + text);
    };
  }

  private static List<ArchivedImage> load(
      String file, Optional<String> name, List<Target> targets, ImageLoading loading)
      throws IOException {
    if (!file.equals(STANDARD_INPUT)) {
      return loading.load(Path.of(file), name, targets);
    }
    try (InputStream in = new FileInputStream(FileDescriptor.in)) {
      return loading.load(in, "standard input", name, targets);
    }
  }

  private static void print(
      Invocation invocation, List<ArchivedImage> images, List<EngineReport> engines) {
    JsonArray loaded = new JsonArray();
    for (EngineReport engine : engines) {
      for (ArchivedImage image : images) {
        if (ImageOptions.json(invocation)) {
          JsonObject one = new JsonObject();
          one.addProperty("id", image.id());
          JsonArray names = new JsonArray();
          image.names().forEach(names::add);
          one.add("names", names);
          one.addProperty("engine", engine.name());
          loaded.add(one);
        } else {
          image
              .names()
              .forEach(name ->
                  invocation.out().println("loaded %s into %s".formatted(name, engine.name())));
        }
      }
    }
    if (ImageOptions.json(invocation)) {
      JsonOutput.print(loaded, invocation.out());
    }
  }
}
