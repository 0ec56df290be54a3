package io.intermodal.tests.suite.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.suite.archive.ImageCommand.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Archives where several engines are served: which one gets the images. */
@EndToEnd(EngineKind.SEVERAL)
class ArchivesOfSeveralIT {
  private final Cri cri;
  private final ImageCommand image;
  private final Path folder;

  ArchivesOfSeveralIT(Cri cri, Node node) {
    this.cri = cri;
    this.image = new ImageCommand(node.server());
    this.folder = node.folder().resolve("archives-" + UUID.randomUUID());
  }

  @Test
  void the_default_engine_gets_them_or_the_one_that_is_named_or_all() {
    ArchivedImage made = ArchivedImage.make(cri.testImages());
    String file = ArchivedImage.dockerArchive(folder.resolve("a.tar"), List.of(made)).toString();

    assertThat(image.run("load", file)).isEqualTo(loaded(made, "docker"));
    assertThat(has("docker", made)).isTrue();
    assertThat(has("containerd", made)).isFalse();

    assertThat(image.run("load", "--container-runtime=containerd", file))
        .isEqualTo(loaded(made, "containerd"));
    assertThat(has("containerd", made)).isTrue();

    for (String engine : List.of("docker", "containerd")) {
      assertThat(image.run("rm", "--container-runtime=" + engine, made.name()).exitCode()).isZero();
      assertThat(has(engine, made)).isFalse();
    }
    assertThat(image.run("load", "--container-runtime=all", file))
        .isEqualTo(loaded(made, "docker", "containerd"));

    String saved = folder.resolve("saved.tar").toString();
    assertThat(image.run("save", "--container-runtime=containerd", "-f", saved, made.name()))
        .isEqualTo(new Outcome(0, "", ""));
    for (String engine : List.of("docker", "containerd")) {
      assertThat(has(engine, made)).isTrue();
      assertThat(image.run("rm", "--container-runtime=" + engine, made.name()).exitCode()).isZero();
    }
  }

  @Test
  void an_engine_that_is_not_served_is_refused_with_those_that_are() {
    Outcome outcome = image.run("load", "--container-runtime=rkt", "x.tar");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo(
            "intermodal image load: --container-runtime: \"rkt\" is not served here"
                + " (expected: docker, containerd or all)\n");
  }

  private static Outcome loaded(ArchivedImage made, String... engines) {
    StringBuilder lines = new StringBuilder();
    for (String engine : engines) {
      lines.append("loaded %s into %s\n".formatted(made.name(), engine));
    }
    return new Outcome(0, lines.toString(), "");
  }

  private boolean has(String engine, ArchivedImage made) {
    return cri.images()
        .imageStatus(
            ImageStatusRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(made.name()).setRuntimeHandler(engine))
                .build())
        .hasImage();
  }
}
