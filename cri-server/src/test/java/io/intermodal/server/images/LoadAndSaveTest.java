package io.intermodal.server.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import io.intermodal.runtime.images.ImageArchive.ArchivedImage;
import io.intermodal.server.images.ImageLoading.Target;
import io.intermodal.server.images.ImageSaving.Form;
import io.intermodal.server.images.archive.MadeImage;
import io.intermodal.server.images.archive.Platform;
import io.intermodal.server.images.progress.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadAndSaveTest {
  private static final String NAME = "example.test/app:1";
  private static final MadeImage IMAGE = MadeImage.of("below", "above");

  @TempDir Path folder;
  private final ScriptedArchives engine = new ScriptedArchives();
  private final List<String> warnings = new ArrayList<>();

  @Test
  void an_engine_is_given_what_docker_save_writes_with_layers_that_every_engine_reads()
      throws IOException {
    for (UnaryOperator<byte[]> compression :
        List.<UnaryOperator<byte[]>>of(l -> l, MadeImage::gzip, MadeImage::zstd)) {
      assertThat(load(IMAGE.oci(compression, NAME)))
          .containsExactly(new ArchivedImage(IMAGE.id(), List.of(NAME)));

      Map<String, byte[]> files = untar(engine.loaded.getLast());
      assertThat(files).hasSize(4).containsKey("manifest.json");
      assertThat(files.values()).anyMatch(content -> same(content, IMAGE.config()));
      // gzip is read by all of them; zstd is not by Docker 20.10.
      boolean gzip = same(compression.apply(new byte[1]), MadeImage.gzip(new byte[1]));
      for (byte[] layer : IMAGE.layers()) {
        byte[] expected = gzip ? MadeImage.gzip(layer) : layer;
        assertThat(files.values()).anyMatch(content -> same(content, expected));
      }
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void names_become_whole_and_one_with_a_digest_is_none() throws IOException {
    String digest = "app@sha256:" + "a".repeat(64);

    assertThat(load(IMAGE.docker(l -> l, "app", "library/app:latest", digest)))
        .extracting(ArchivedImage::names)
        .containsExactly(List.of("docker.io/library/app:latest"));
  }

  @Test
  void an_image_without_a_name_is_given_one_or_refused() throws IOException {
    for (Map<String, byte[]> files :
        List.of(IMAGE.docker(l -> l), IMAGE.oci(l -> l, ""), IMAGE.oci(l -> l, "latest"))) {
      assertThatThrownBy(() -> load(files))
          .hasMessageContaining("an image without a name (%s)".formatted(IMAGE.id()))
          .hasMessageContaining("--name");
      assertThat(engine.loaded).isEmpty();
    }

    assertThat(load(IMAGE.oci(l -> l, ""), Optional.of("app:2")))
        .extracting(ArchivedImage::names)
        .containsExactly(List.of("docker.io/library/app:2"));
  }

  @Test
  void one_name_is_not_for_several_images() {
    Map<String, byte[]> files = several();

    assertThatThrownBy(() -> load(files, Optional.of("app:2")))
        .hasMessageContaining("has 2 images, which cannot all be called app:2");
    assertThat(engine.loaded).isEmpty();
  }

  @Test
  void several_images_are_loaded_at_once_and_a_common_layer_is_sent_once() throws IOException {
    assertThat(load(several())).hasSize(2);

    // Three layers, two configurations, the manifest.
    assertThat(untar(engine.loaded.getLast())).hasSize(6);
  }

  private static Map<String, byte[]> several() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonArray manifest = new JsonArray();
    manifest.add(IMAGE.dockerEntry(files, l -> l, NAME));
    manifest.add(MadeImage.of("below", "other").dockerEntry(files, l -> l, "example.test/other:1"));
    files.put("manifest.json", MadeImage.text(manifest.toString()));
    return files;
  }

  @Test
  void an_image_for_another_platform_is_loaded_with_a_warning() throws IOException {
    MadeImage foreign = MadeImage.on(new Platform("linux", "mips"), "x");

    assertThat(load(foreign.oci(l -> l, NAME))).hasSize(1);

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(NAME + " is for linux/mips, and this node is " + Platform.ofHost());
  }

  @Test
  void an_engine_is_given_nothing_of_a_broken_archive() throws IOException {
    Map<String, byte[]> files = IMAGE.docker(l -> l, NAME);
    files.replaceAll((name, content) ->
        same(content, IMAGE.layers().get(1)) ? MadeImage.tar(Map.of("x", new byte[0])) : content);

    assertThatThrownBy(() -> load(files)).hasMessageContaining("is broken");

    assertThat(engine.loaded).isEmpty();
    assertThat(Files.exists(work())).isFalse();
  }

  @Test
  void progress_tells_each_step_and_all_of_its_bytes() throws IOException {
    List<String> steps = new ArrayList<>();
    Progress progress =
        new Progress() {
          private String what = "";
          private long total;
          private long done;

          @Override
          public void begin(String what, long bytes) {
            this.what = what;
            total = bytes;
            done = 0;
          }

          @Override
          public void moved(long bytes) {
            done += bytes;
          }

          @Override
          public void end() {
            if (!what.isEmpty()) {
              steps.add(what + (done == total ? " whole" : " %d of %d".formatted(done, total)));
              what = "";
            }
          }
        };
    Path file = Files.write(folder.resolve("a.tar"), MadeImage.tar(IMAGE.docker(l -> l, NAME)));

    var _ =
        new ImageLoading(work(), progress, warnings::add)
            .load(file, Optional.empty(), List.of(new Target("scripted", engine)));

    assertThat(steps)
        .containsExactly(
            "checking %s whole".formatted(file), "loading %s into scripted whole".formatted(file));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void what_is_saved_can_be_loaded_again_and_is_the_same_image(Form form) throws IOException {
    var _ = load(IMAGE.oci(MadeImage::gzip, NAME));
    Path saved = folder.resolve("saved.tar");

    new ImageSaving(work(), Progress.NONE)
        .save(
            List.of(
                new ArchivedImage(IMAGE.id(), List.of("docker.io/library/app:1", "x.test/b:2"))),
            engine,
            form,
            () -> Files.newOutputStream(saved));

    assertThat(untar(Files.readAllBytes(saved)))
        .containsKey(form == Form.OCI ? "index.json" : "manifest.json")
        .doesNotContainKey(form == Form.OCI ? "manifest.json" : "index.json");
    assertThat(
            new ImageLoading(work(), Progress.NONE, warnings::add)
                .load(saved, Optional.empty(), List.of()))
        .containsExactly(
            new ArchivedImage(IMAGE.id(), List.of("docker.io/library/app:1", "x.test/b:2")));
    try (Stream<Path> left = Files.list(work())) {
      assertThat(left).isEmpty();
    }
  }

  private List<ArchivedImage> load(Map<String, byte[]> files) throws IOException {
    return load(files, Optional.empty());
  }

  private List<ArchivedImage> load(Map<String, byte[]> files, Optional<String> name)
      throws IOException {
    Path file = Files.write(folder.resolve("images.tar"), MadeImage.tar(files));
    return new ImageLoading(work(), Progress.NONE, warnings::add)
        .load(file, name, List.of(new Target("scripted", engine)));
  }

  private Path work() {
    return folder.resolve("work");
  }

  private static boolean same(byte[] one, byte[] other) {
    return Arrays.equals(one, other);
  }

  private static Map<String, byte[]> untar(byte[] archive) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), tar.readAllBytes());
      }
    }
    return files;
  }
}
