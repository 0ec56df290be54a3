package io.intermodal.server.images.archive;

import static io.intermodal.server.images.archive.MadeImage.tar;
import static io.intermodal.server.images.archive.MadeImage.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.intermodal.runtime.CriException;
import io.intermodal.server.images.archive.files.Digests;
import io.intermodal.server.images.progress.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArchiveReaderTest {
  private static final MadeImage IMAGE = MadeImage.of("below", "above");
  private static final String NAME = "example.test/app:1";

  @TempDir Path folder;

  /** All ways to compress, by their names. */
  private static Map<String, UnaryOperator<byte[]>> compressions() {
    return Map.of("none", content -> content, "gzip", MadeImage::gzip, "zstd", MadeImage::zstd);
  }

  private static Stream<Arguments> inside_and_outside() {
    return compressions().keySet().stream()
        .flatMap(inside -> compressions().keySet().stream().map(out -> Arguments.of(inside, out)));
  }

  @ParameterizedTest
  @MethodSource("inside_and_outside")
  void every_form_is_the_same_image_whatever_is_compressed(String inside, String outside)
      throws IOException {
    UnaryOperator<byte[]> layers = compressions().getOrDefault(inside, content -> content);
    UnaryOperator<byte[]> whole = compressions().getOrDefault(outside, content -> content);

    for (Map<String, byte[]> files : List.of(IMAGE.docker(layers, NAME), IMAGE.oci(layers, NAME))) {
      assertThat(read(whole.apply(tar(files))))
          .singleElement()
          .satisfies(image -> {
            assertThat(image.id()).isEqualTo(IMAGE.id());
            assertThat(image.names()).containsExactly(NAME);
            assertThat(image.platform()).isEqualTo(Platform.ofHost());
            assertThat(image.config().toByteArray()).isEqualTo(IMAGE.config());
            assertThat(image.layers())
                .extracting(WholeImage.WholeLayer::tarSize)
                .containsExactly(
                    (long) IMAGE.layers().get(0).length, (long) IMAGE.layers().get(1).length);
          });
    }
    assertThat(work()).isEmpty();
  }

  @Test
  void a_layout_folder_and_a_stream_are_archives_too() throws IOException {
    Map<String, byte[]> files = IMAGE.oci(MadeImage::zstd, NAME);
    Path layout = folder.resolve("layout");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path target = layout.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue());
    }

    try (ArchiveReader reader = ArchiveReader.open(layout, work(folder), Progress.NONE)) {
      assertThat(reader.images()).extracting(WholeImage::id).containsExactly(IMAGE.id());
    }
    try (ArchiveReader reader =
        ArchiveReader.open(
            new ByteArrayInputStream(MadeImage.gzip(tar(files))),
            "standard input",
            work(folder),
            Progress.NONE)) {
      assertThat(reader.images()).extracting(WholeImage::id).containsExactly(IMAGE.id());
      assertThat(work()).isEmpty();
    }
  }

  @Test
  void several_images_share_a_layer_by_a_link_as_docker_20_writes_it() throws IOException {
    MadeImage other = MadeImage.of("below", "other");
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonArray manifest = new JsonArray();
    manifest.add(IMAGE.dockerEntry(files, layer -> layer, NAME, "example.test/app:2"));
    JsonObject entry = other.dockerEntry(files, layer -> layer, "example.test/other:1");
    String shared = entry.getAsJsonArray("Layers").get(0).getAsString();
    entry.getAsJsonArray("Layers").set(0, new JsonPrimitive("again/layer.tar"));
    manifest.add(entry);
    files.put("again/layer.tar", text("->../" + shared));
    files.put("manifest.json", text(manifest.toString()));

    assertThat(read(tar(files)))
        .extracting(WholeImage::id, WholeImage::names)
        .containsExactly(
            Tuple.tuple(IMAGE.id(), List.of(NAME, "example.test/app:2")),
            Tuple.tuple(other.id(), List.of("example.test/other:1")));
  }

  @Test
  void of_an_image_for_several_platforms_it_is_the_one_for_this_host() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonObject foreign =
        on("plan9", MadeImage.on(new Platform("plan9", "mips"), "x").ociManifest(files, l -> l));
    JsonObject remark = on("unknown", IMAGE.ociManifest(files, l -> l));
    JsonObject fitting = IMAGE.ociManifest(files, l -> l);
    JsonObject list =
        MadeImage.blob(
            files,
            "application/vnd.oci.image.index.v1+json",
            text(MadeImage.index(foreign, remark, fitting).toString()));
    files.put("index.json", text(MadeImage.index(list).toString()));

    assertThat(read(tar(files))).extracting(WholeImage::id).containsExactly(IMAGE.id());
  }

  @Test
  void an_image_for_several_platforms_and_not_for_this_host_is_refused_with_theirs() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonObject[] foreign =
        Stream.of("plan9", "hurd")
            .map(
                os -> on(os, MadeImage.on(new Platform(os, "mips"), os).ociManifest(files, l -> l)))
            .toArray(JsonObject[]::new);
    JsonObject list =
        MadeImage.blob(
            files,
            "application/vnd.oci.image.index.v1+json",
            text(MadeImage.index(foreign).toString()));
    files.put("index.json", text(MadeImage.index(list).toString()));

    assertThat(refusal(tar(files)))
        .contains("plan9/mips, hurd/mips, and not for " + Platform.ofHost());
  }

  private static JsonObject on(String os, JsonObject descriptor) {
    JsonObject platform = new JsonObject();
    platform.addProperty("os", os);
    platform.addProperty("architecture", "mips");
    descriptor.add("platform", platform);
    return descriptor;
  }

  @Test
  void what_is_no_archive_is_called_so() {
    for (byte[] content :
        List.of(new byte[0], text("hello"), text("x".repeat(4000)), MadeImage.gzip(text("x")))) {
      assertThat(refusal(content)).contains("is no image archive");
    }
    assertThat(refusal(tar(Map.of("file", text("x")))))
        .contains("neither manifest.json (docker save) nor index.json (OCI)");
    assertThat(refusal(tar(Map.of("manifest.json", text("[]"))))).contains("has no image in it");
    assertThat(refusal(tar(Map.of("manifest.json", text("{\"a\":1}")))))
        .contains("manifest.json is no list of images");
    assertThat(refusal(tar(Map.of("manifest.json", text("[{"))))).contains("no JSON");
  }

  @ParameterizedTest
  @MethodSource("inside_and_outside")
  void an_archive_that_is_cut_off_anywhere_is_refused(String inside, String outside) {
    UnaryOperator<byte[]> layers = compressions().getOrDefault(inside, content -> content);
    UnaryOperator<byte[]> whole = compressions().getOrDefault(outside, content -> content);
    byte[] archive = whole.apply(withoutEnd(tar(IMAGE.oci(layers, NAME))));

    for (int part = 1; part < 20; part++) {
      byte[] cut = Arrays.copyOf(archive, archive.length * part / 20);
      assertThat(refusal(cut)).as("%d of %d bytes", cut.length, archive.length).isNotEmpty();
    }
    assertThat(work()).isEmpty();
  }

  /** A tar ends with zeros that say nothing. */
  private static byte[] withoutEnd(byte[] tar) {
    int end = tar.length;
    while (tar[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(tar, end);
  }

  @Test
  void a_layer_of_another_content_is_found_whatever_says_what_it_should_be() {
    for (Map<String, byte[]> files : List.of(IMAGE.docker(l -> l, NAME), IMAGE.oci(l -> l, NAME))) {
      String layer =
          files.entrySet().stream()
              .filter(file -> Arrays.equals(file.getValue(), IMAGE.layers().get(1)))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow();
      byte[] changed = IMAGE.layers().get(1).clone();
      changed[600] ^= 1;
      files.put(layer, changed);

      assertThat(refusal(tar(files))).contains("is broken", "layer " + layer, "expected: sha256:");
    }
  }

  @Test
  void a_configuration_of_another_content_is_found() {
    Map<String, byte[]> docker = IMAGE.docker(l -> l, NAME);
    docker.put(Digests.hex(IMAGE.id()) + ".json", MadeImage.of("below", "else").config());
    assertThat(refusal(tar(docker))).contains("has the digest");

    Map<String, byte[]> oci = IMAGE.oci(l -> l, NAME);
    oci.put("blobs/sha256/" + Digests.hex(IMAGE.id()), MadeImage.of("below", "else").config());
    assertThat(refusal(tar(oci))).contains("has the digest");
  }

  @Test
  void names_and_links_that_lead_out_of_an_archive_are_refused() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");

    Map<String, byte[]> climbing = IMAGE.docker(l -> l, NAME);
    climbing.put("../../etc/cron.d/evil", text("* * * * * root true"));
    assertThat(refusal(tar(climbing))).contains("leads out of it: ../../etc/cron.d/evil");

    Map<String, byte[]> absolute = IMAGE.docker(l -> l, NAME);
    absolute.put("/etc/cron.d/evil", text("x"));
    assertThat(refusal(tar(absolute))).contains("leads out of it: /etc/cron.d/evil");

    Map<String, byte[]> linked = IMAGE.docker(l -> l, NAME);
    linked.replaceAll(
        (name, content) -> name.endsWith("layer.tar") ? text("->" + secret) : content);
    assertThat(refusal(tar(linked))).contains("link that leads out of it");

    Map<String, byte[]> named = IMAGE.docker(l -> l, NAME);
    named.put(
        "manifest.json",
        text("[{\"Config\":\"../secret\",\"RepoTags\":null,\"Layers\":[\"/etc/shadow\"]}]"));
    assertThat(refusal(tar(named))).contains("refers to a file outside: ../secret");

    Map<String, byte[]> circle = IMAGE.docker(l -> l, NAME);
    circle.replaceAll(
        (name, content) -> name.endsWith("layer.tar") ? text("->layer.tar") : content);
    assertThat(refusal(tar(circle))).contains("a link without an end");
  }

  @Test
  void a_file_that_is_missing_is_named() {
    Map<String, byte[]> files = IMAGE.docker(l -> l, NAME);
    String layer =
        files.keySet().stream()
            .filter(name -> name.endsWith("layer.tar"))
            .findFirst()
            .orElseThrow();
    files.remove(layer);

    assertThat(refusal(tar(files))).contains("is not whole: it refers to " + layer);
  }

  @Test
  void an_oci_digest_that_would_be_a_path_is_none() {
    Map<String, byte[]> files = IMAGE.oci(l -> l, NAME);
    files.put(
        "index.json",
        text("{\"manifests\":[{\"mediaType\":\"x\",\"digest\":\"sha256:../../x\",\"size\":1}]}"));

    assertThat(refusal(tar(files))).contains("refers to \"sha256:../../x\"");
  }

  @Test
  void a_file_that_is_not_there_is_said_to_be_missing() {
    Path missing = folder.resolve("none.tar");

    assertThat(
            Assertions.catchThrowable(
                () -> ArchiveReader.open(missing, work(folder), Progress.NONE).close()))
        .hasMessage(missing + ": there is no such file");
  }

  private List<WholeImage> read(byte[] archive) throws IOException {
    Path file = Files.write(folder.resolve("images.tar"), archive);
    try (ArchiveReader reader = ArchiveReader.open(file, work(folder), Progress.NONE)) {
      return reader.images();
    }
  }

  /** What is said against it; a fault of the reader is none. */
  private String refusal(byte[] archive) {
    Throwable thrown = Assertions.catchThrowable(() -> read(archive));
    assertThat(thrown).isInstanceOf(CriException.class);
    return String.valueOf(thrown.getMessage());
  }

  private static Path work(Path folder) {
    return folder.resolve("work");
  }

  private List<Path> work() {
    if (!Files.exists(work(folder))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(work(folder))) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
