package io.intermodal.server.command.image;

import io.intermodal.cri.v1.Image;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.ImageReference;
import io.intermodal.runtime.images.ImageArchive.ArchivedImage;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.command.option.CriEndpoint;
import io.intermodal.server.config.ConfigException;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.images.ImageSaving;
import io.intermodal.server.images.ImageSaving.Form;
import io.intermodal.server.images.NodeImages;
import io.intermodal.server.images.ServedEngines;
import io.intermodal.server.logging.Logging;
import io.intermodal.server.report.EngineReport;
import io.intermodal.server.top.terminal.Terminal;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code intermodal image save}. */
final class ImageSaveCommand implements Subcommand {
  private static final String FILE = "--file";
  private static final String FORM = "--format";
  private static final String STANDARD_OUTPUT = "-";

  @Override
  public String name() {
    return "save";
  }

  @Override
  public String description() {
    return "Saves images as one archive, as docker save writes it or as an OCI archive.";
  }

  @Override
  public List<Setting<?>> settings() {
    return ImageOptions.SETTINGS_OF_ARCHIVES;
  }

  @Override
  public void describe(CommandSpec spec) {
    CriEndpoint.describe(spec);
    ImageOptions.engine(spec, "Of several engines this one. Default: the server's default one.");
    spec.addOption(
        OptionSpec.builder("-f", FILE)
            .type(String.class)
            .required(true)
            .paramLabel("FILE")
            .description("Where to, or - for standard output.")
            .build());
    ImageOptions.text(
        spec, FORM, "FORMAT", "docker-archive, or oci-archive. Default: docker-archive.");
    ImageOptions.words(spec, "1..*", "IMAGE", "Names or ids.");
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    Logging.start("error", "text", invocation.err());
    Form form =
        switch (ImageOptions.text(invocation, FORM).orElse("docker-archive")) {
          case "docker-archive" -> Form.DOCKER;
          case "oci-archive" -> Form.OCI;
          default -> throw new ConfigException(FORM + " is docker-archive or oci-archive");
        };
    String file = ImageOptions.text(invocation, FILE).orElse("");
    if (file.equals(STANDARD_OUTPUT) && Terminal.takesOutput()) {
      throw new ConfigException(
          "an archive is nothing for a terminal: give %s FILE".formatted(FILE));
    }
    Path folder = Path.of(file).toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ConfigException("%s: there is no folder %s".formatted(FILE, folder));
    }
    try (CriClient cri = new CriClient(CriEndpoint.socket(invocation))) {
      ServedEngines served = ServedEngines.of(cri, Settings.engines());
      List<EngineReport> engines = served.meantBy(ImageOptions.engine(invocation));
      if (engines.size() > 1) {
        throw new ConfigException("images are saved from one engine: name it");
      }
      EngineReport engine = engines.getFirst();
      NodeImages node = new NodeImages(cri, served.areSeveral() ? engine.name() : "");
      List<ArchivedImage> images = wanted(node, ImageOptions.words(invocation));
      Path work = ImageOptions.workFolder(invocation);
      var archives = served.archives(engine, work);
      if (file.equals(STANDARD_OUTPUT)) {
        save(
            invocation,
            work,
            saving -> saving.save(images, archives, form, () -> kept(invocation.out())));
      } else {
        Path target = Path.of(file);
        Path begun = target.resolveSibling(target.getFileName() + ".part");
        // For Ctrl-C.
        begun.toFile().deleteOnExit();
        try {
          save(
              invocation,
              work,
              saving -> saving.save(images, archives, form, () -> Files.newOutputStream(begun)));
          Files.move(begun, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          var _ = Files.deleteIfExists(begun);
        }
      }
    }
    return OK;
  }

  /** What is done with a saving. */
  @FunctionalInterface
  private interface Work {
    void run(ImageSaving saving) throws IOException;
  }

  private static void save(Invocation invocation, Path workFolder, Work work) throws Exception {
    boolean _ =
        ImageOptions.showing(
            invocation,
            progress -> {
              work.run(new ImageSaving(workFolder, progress));
              return true;
            });
  }

  /** The same, open for others after its end. */
  private static OutputStream kept(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        out.flush();
      }
    };
  }

  /** An image that is meant twice is saved once. A name is kept; an id stands for all names. */
  private static List<ArchivedImage> wanted(NodeImages node, List<String> words) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (String word : words) {
      Image image = node.get(word);
      List<String> known = names.computeIfAbsent(image.getId(), _ -> new ArrayList<>());
      for (String name : meant(word, image)) {
        if (!known.contains(name)) {
          known.add(name);
        }
      }
    }
    return names.entrySet().stream()
        .map(one -> new ArchivedImage(one.getKey(), one.getValue()))
        .toList();
  }

  private static List<String> meant(String word, Image image) {
    String whole = ImageReference.looksLikeId(word) ? "" : ImageReference.parse(word).toString();
    List<String> all =
        image.getRepoTagsList().stream()
            .map(name -> ImageReference.parse(name).toString())
            .toList();
    if (all.contains(whole)) {
      return List.of(whole);
    }
    if (all.isEmpty()) {
      throw new CriException(
          CriException.Code.FAILED_PRECONDITION,
          "%s: this image has no name with a tag, and so an archive cannot name it: tag or pull it by one"
              .formatted(word));
    }
    return all;
  }
}
