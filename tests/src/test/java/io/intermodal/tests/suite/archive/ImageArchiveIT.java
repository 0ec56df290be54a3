package io.intermodal.tests.suite.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.cri.v1.Image;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.suite.archive.ImageCommand.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads and saves images as archives, and runs pods from what was loaded. */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO
})
class ImageArchiveIT {
  private final Cri cri;
  private final Node node;
  private final ImageCommand image;
  private final Path folder;

  ImageArchiveIT(Cri cri, Node node) throws IOException {
    this.cri = cri;
    this.node = node;
    this.image = new ImageCommand(node.server());
    this.folder = Files.createDirectory(node.folder().resolve("archives-" + UUID.randomUUID()));
  }

  private ArchivedImage made() {
    ArchivedImage made = ArchivedImage.make(cri.testImages());
    cri.removeImageAtEnd(made.name());
    return made;
  }

  @Test
  void pods_run_from_an_archive_of_each_form() {
    ArchivedImage docker = made();
    ArchivedImage archive = made();
    ArchivedImage layout = made();

    load(docker, ArchivedImage.dockerArchive(folder.resolve("docker.tar"), List.of(docker)));
    load(archive, archive.ociArchive(folder.resolve("oci.tar.gz")));
    load(layout, layout.ociLayout(folder.resolve("layout")));

    Pod pod = cri.runPod();
    for (ArchivedImage loaded : List.of(docker, archive, layout)) {
      Container container =
          pod.start(cri.container(loaded.reference()).addCommand("/bin/sleep").addArgs("1000"));
      assertThat(container.output("echo runs")).isEqualTo("runs");
    }
    assertThat(workFolder()).isEmpty();
  }

  private void load(ArchivedImage made, Path file) {
    Outcome outcome = image.run("load", file.toString());

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).startsWith("loaded " + made.name() + " into ").hasLineCount(1);
    assertThat(idOf(made.name())).isEqualTo(made.id());
  }

  @Test
  void standard_input_is_an_archive_too_and_the_result_can_be_json() {
    ArchivedImage made = made();

    Outcome outcome =
        image.runWithInput(
            made.ociArchive(folder.resolve("oci.tar.gz")), "load", "-", "-o", "json");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonObject loaded =
        JsonParser.parseString(outcome.out()).getAsJsonArray().get(0).getAsJsonObject();
    assertThat(loaded.get("id").getAsString()).isEqualTo("sha256:" + made.id());
    assertThat(loaded.getAsJsonArray("names").get(0).getAsString()).isEqualTo(made.name());
    assertThat(idOf(made.name())).isEqualTo(made.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive", "oci-archive"})
  void what_is_saved_and_loaded_again_is_the_same_image(String form) {
    ArchivedImage one = made();
    ArchivedImage other = made();
    load(
        List.of(one, other),
        ArchivedImage.dockerArchive(folder.resolve("both.tar"), List.of(one, other)));
    Path saved = folder.resolve("saved.tar");

    Outcome outcome =
        image.run(
            "save", "-f", saved.toString(), "--format", form, one.name(), "sha256:" + other.id());

    assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
    for (ArchivedImage made : List.of(one, other)) {
      assertThat(image.run("rm", made.name())).isEqualTo(new Outcome(0, made.name() + "\n", ""));
      assertThat(cri.image(made.name())).isEmpty();
    }
    load(List.of(one, other), saved);
    assertThat(workFolder()).isEmpty();
    assertThat(folder.resolve("saved.tar.part")).doesNotExist();
  }

  private void load(List<ArchivedImage> images, Path file) {
    Outcome outcome = image.run("load", file.toString());

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    for (ArchivedImage made : images) {
      assertThat(outcome.out()).contains("loaded " + made.name() + " into ");
      assertThat(idOf(made.name())).isEqualTo(made.id());
    }
  }

  @Test
  void of_an_archive_with_a_broken_image_nothing_is_loaded() {
    ArchivedImage good = made();
    ArchivedImage broken = made().broken();

    Outcome outcome =
        image.run(
            "load",
            ArchivedImage.dockerArchive(folder.resolve("broken.tar"), List.of(good, broken))
                .toString());

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("intermodal image load: " + folder.resolve("broken.tar") + " is broken: ")
        .hasLineCount(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(cri.listImages())
        .flatExtracting(Image::getRepoTagsList)
        .doesNotContain(good.name(), broken.name());
    assertThat(workFolder()).isEmpty();
  }

  @Test
  void an_image_for_another_architecture_is_loaded_with_a_warning() {
    ArchivedImage foreign = ArchivedImage.make(cri.testImages(), "s390x");
    cri.removeImageAtEnd(foreign.name());

    Outcome outcome = image.run("load", foreign.ociLayout(folder.resolve("foreign")).toString());

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains(foreign.name() + " is for linux/s390x, and this node is ");
    assertThat(idOf(foreign.name())).isEqualTo(foreign.id());
  }

  @Test
  void an_image_that_is_not_there_is_said_to_be_missing_and_no_file_is_begun() {
    Path file = folder.resolve("none.tar");

    Outcome outcome = image.run("save", "-f", file.toString(), "archive.test/none:1");

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                1,
                "",
                "intermodal image save: archive.test/none:1: there is no such image here"
                    + " (intermodal image ls shows them)\n"));
    assertThat(file).doesNotExist();
  }

  @Test
  void a_pulled_image_is_listed_saved_and_removed() {
    String name = cri.testImages().unique().byTag();
    Path file = folder.resolve("pulled.tar");

    Outcome pulled = image.run("pull", name);

    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.out()).startsWith(name + " ").hasLineCount(1);
    String id = idOf(name);
    Outcome listed = image.run("ls", "-q", name);
    assertThat(listed.out()).contains(id).hasLineCount(1);
    assertThat(image.run("save", "-f", file.toString(), name)).isEqualTo(new Outcome(0, "", ""));
    assertThat(image.run("rm", name).exitCode()).isZero();
    assertThat(image.run("load", file.toString()).exitCode()).isZero();
    assertThat(idOf(name)).isEqualTo(id);
    assertThat(image.run("rm", name).exitCode()).isZero();
    assertThat(cri.image(name)).isEmpty();
  }

  /** Without {@code sha256:}, which CRI-O does not say. */
  private String idOf(String name) {
    return cri.image(name).map(Image::getId).orElse("none").replace("sha256:", "");
  }

  private List<Path> workFolder() {
    Path work = node.server().stateFolder().resolve("archives");
    if (!Files.exists(work)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(work)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
