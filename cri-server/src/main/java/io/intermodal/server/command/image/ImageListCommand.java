package io.intermodal.server.command.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.cri.v1.Image;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.command.option.CriEndpoint;
import io.intermodal.server.command.option.JsonOutput;
import io.intermodal.server.config.Setting;
import io.intermodal.server.images.NodeImages;
import io.intermodal.server.images.progress.TerminalProgress;
import io.intermodal.server.logging.Logging;
import io.intermodal.server.status.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code intermodal image ls}. */
final class ImageListCommand implements Subcommand {
  private static final String QUIET = "--quiet";
  private static final String NONE = "<none>";
  private static final int SHORT_ID = 12;

  @Override
  public String name() {
    return "ls";
  }

  @Override
  public String description() {
    return "Lists images. Works with any CRI server.";
  }

  @Override
  public List<Setting<?>> settings() {
    return ImageOptions.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    CriEndpoint.describe(spec);
    ImageOptions.output(spec);
    spec.addOption(
        OptionSpec.builder("-q", QUIET).description("Ids alone, whole, one a line.").build());
    ImageOptions.words(
        spec, "0..1", "FILTER", "Only images with this in a name, or an id that begins so.");
  }

  @Override
  public int run(Invocation invocation) {
    Logging.start("error", "text", invocation.err());
    String filter = ImageOptions.words(invocation).stream().findFirst().orElse("");
    List<Image> images;
    try (CriClient cri = new CriClient(CriEndpoint.socket(invocation))) {
      images =
          new NodeImages(cri, "")
              .list().stream()
                  .filter(image -> fits(image, filter))
                  .sorted(
                      Comparator.comparing(ImageListCommand::firstName).thenComparing(Image::getId))
                  .toList();
    }
    if (invocation.options().hasMatchedOption(QUIET)) {
      images.forEach(image -> invocation.out().println(image.getId()));
    } else if (ImageOptions.json(invocation)) {
      JsonOutput.print(json(images), invocation.out());
    } else {
      table(images).lines().forEach(invocation.out()::println);
    }
    return OK;
  }

  private static boolean fits(Image image, String filter) {
    return names(image).anyMatch(name -> name.contains(filter))
        || bare(image.getId()).startsWith(bare(filter));
  }

  private static Stream<String> names(Image image) {
    return Stream.concat(image.getRepoTagsList().stream(), image.getRepoDigestsList().stream());
  }

  private static String firstName(Image image) {
    return names(image).findFirst().orElse("");
  }

  private static String bare(String id) {
    return id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
  }

  private static Columns table(List<Image> images) {
    Columns columns = new Columns("IMAGE", "TAG", "ID", ">SIZE");
    for (Image image : images) {
      String id = bare(image.getId());
      String brief = id.substring(0, Math.min(SHORT_ID, id.length()));
      String size = TerminalProgress.size(image.getSize());
      List<String> names = new ArrayList<>(image.getRepoTagsList());
      if (names.isEmpty()) {
        String repository =
            image.getRepoDigestsList().stream()
                .findFirst()
                .map(name -> name.replaceFirst("@.*", ""))
                .orElse(NONE);
        columns.add(repository, NONE, brief, size);
      }
      for (String name : names) {
        int colon = name.lastIndexOf(':');
        columns.add(name.substring(0, colon), name.substring(colon + 1), brief, size);
      }
    }
    return columns;
  }

  private static JsonArray json(List<Image> images) {
    JsonArray list = new JsonArray();
    for (Image image : images) {
      JsonObject one = new JsonObject();
      one.addProperty("id", image.getId());
      one.add("tags", array(image.getRepoTagsList()));
      one.add("digests", array(image.getRepoDigestsList()));
      one.addProperty("size", image.getSize());
      one.addProperty("pinned", image.getPinned());
      list.add(one);
    }
    return list;
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }
}
