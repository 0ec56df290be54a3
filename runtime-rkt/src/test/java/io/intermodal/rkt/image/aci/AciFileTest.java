package io.intermodal.rkt.image.aci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.google.gson.JsonObject;
import io.intermodal.rkt.answer.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AciFileTest {
  private static final String ID = "sha256:" + "a".repeat(64);
  private static final JsonObject CONFIG =
      Json.object(
          """
          {"architecture":"amd64","config":{"Entrypoint":["/e","x"],"Cmd":["c"],"User":"web:staff",
           "WorkingDir":"/w","Env":["A=b=c","PATH=/bin"],"StopSignal":"SIGQUIT","Volumes":{"/data":{}}}}
          """);

  @TempDir Path folder;
  private final List<Path> layers = new ArrayList<>();

  @Test
  void the_later_layer_wins_and_removes_what_it_marks() throws IOException {
    layer(file("a", "1"), file("b", "1"), file("d/x", "1"), file("d/y", "1"), file("e/z", "1"));
    layer(file("a", "2"), file(".wh.b", ""), file("d/.wh..wh..opq", ""), file("d/n", "2"));

    assertThat(contents())
        .containsEntry("rootfs/a", "2")
        .containsEntry("rootfs/d/n", "2")
        .containsEntry("rootfs/e/z", "1")
        .doesNotContainKeys("rootfs/b", "rootfs/d/x", "rootfs/d/y", "rootfs/.wh.b");
  }

  @Test
  void a_mark_says_nothing_about_its_own_layer() throws IOException {
    layer(file("d/old", "1"));
    layer(file("d/new", "2"), file("d/.wh..wh..opq", ""), file("d/.wh.new", ""));

    assertThat(contents()).containsEntry("rootfs/d/new", "2").doesNotContainKey("rootfs/d/old");
  }

  @Test
  void names_of_one_file_stay_names_of_one_file_when_the_first_is_replaced() throws IOException {
    layer(file("bin/a", "shared"), link("bin/b", "bin/a"), link("bin/c", "/bin/a"));
    layer(file("bin/a", "new"));

    Map<String, String> contents = contents();

    assertThat(contents)
        .containsEntry("rootfs/bin/a", "new")
        .containsEntry("rootfs/bin/b", "shared");
    assertThat(contents).containsEntry("rootfs/bin/c", "-> rootfs/bin/b");
  }

  @Test
  void a_path_through_a_symbolic_link_lands_where_that_leads_inside_of_the_image()
      throws IOException {
    layer(file("usr/lib/x", "1"), symlink("lib", "usr/lib"), symlink("out", "/../../etc"));
    layer(file("lib/y", "2"), file("out/passwd", "root:x:0:0\n"), file("../../escaped", "3"));

    assertThat(contents())
        .containsEntry("rootfs/lib", "-> usr/lib")
        .containsEntry("rootfs/usr/lib/y", "2")
        .containsEntry("rootfs/etc/passwd", "root:x:0:0\n")
        .containsEntry("rootfs/escaped", "3")
        .allSatisfy((name, _) -> assertThat(name).doesNotContain(".."));
  }

  @Test
  void layers_may_be_compressed_in_any_usual_way() throws IOException {
    layer(out -> out, file("plain", "1"));
    layer(GZIPOutputStream::new, file("gzip", "2"));
    layer(ZstdOutputStreamNoFinalizer::new, file("zstd", "3"));

    assertThat(contents())
        .containsEntry("rootfs/plain", "1")
        .containsEntry("rootfs/gzip", "2")
        .containsEntry("rootfs/zstd", "3");
  }

  @Test
  void a_broken_layer_is_an_error_and_not_an_empty_image() throws IOException {
    layer(GZIPOutputStream::new, file("a", "x".repeat(100_000)));
    byte[] whole = Files.readAllBytes(layers.getFirst());
    Files.write(layers.getFirst(), Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(this::contents).isInstanceOf(IOException.class);
  }

  @Test
  void attributes_of_files_and_folders_stay() throws IOException {
    TarArchiveEntry entry = file("secret", "x").entry();
    entry.setMode(0100640);
    entry.setUserId(1000L);
    entry.setGroupId(3_000_000_000L);
    layer(new Piece(entry, "x"));

    List<TarArchiveEntry> entries = entries();

    assertThat(entries)
        .filteredOn(e -> e.getName().equals("rootfs/secret"))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.getMode() & 07777).isEqualTo(0640);
          assertThat(e.getLongUserId()).isEqualTo(1000);
          assertThat(e.getLongGroupId()).isEqualTo(3_000_000_000L);
        });
  }

  @Test
  void the_manifest_says_what_the_configuration_says() throws IOException {
    layer(file("etc/passwd", "web:x:5:6::/:/\n"), file("etc/group", "staff:x:50:\n"));

    JsonObject manifest = Json.object(contents().getOrDefault("manifest", ""));

    assertThat(entries().getFirst().getName()).isEqualTo("manifest");
    assertThat(Json.string(manifest, "name")).isEqualTo("registry.example_5000/some/app");
    assertThat(Json.named(manifest, "labels"))
        .containsEntry("os", "linux")
        .containsEntry("arch", "amd64")
        .containsEntry("version", "a".repeat(64));
    assertThat(Json.named(manifest, "annotations"))
        .containsEntry(AciManifest.IMAGE_ID, ID)
        .containsEntry(AciManifest.ENTRYPOINT, "[\"/e\",\"x\"]")
        .containsEntry(AciManifest.COMMAND, "[\"c\"]")
        .containsEntry(AciManifest.USER, "web:staff")
        .containsEntry(AciManifest.STOP_SIGNAL, "SIGQUIT")
        .containsEntry(AciManifest.PASSWD, "web:x:5:6::/:/\n")
        .containsEntry(AciManifest.GROUP, "staff:x:50:\n");
    JsonObject app = Json.object(manifest, "app");
    assertThat(Json.strings(app, "exec")).containsExactly("/e", "x", "c");
    assertThat(Json.named(app, "environment")).containsEntry("A", "b=c");
    assertThat(Json.string(app, "workingDirectory")).isEqualTo("/w");
  }

  private record Piece(TarArchiveEntry entry, String content) {}

  private static Piece file(String name, String content) {
    return new Piece(new TarArchiveEntry(name, true), content);
  }

  private static Piece link(String name, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
    entry.setLinkName(target);
    return new Piece(entry, "");
  }

  private static Piece symlink(String name, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    return new Piece(entry, "");
  }

  private interface Compression {
    OutputStream around(OutputStream out) throws IOException;
  }

  private void layer(Piece... pieces) throws IOException {
    layer(GZIPOutputStream::new, pieces);
  }

  private void layer(Compression compression, Piece... pieces) throws IOException {
    Path file = folder.resolve("layer" + layers.size());
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(compression.around(Files.newOutputStream(file)))) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Piece piece : pieces) {
        byte[] bytes = piece.content().getBytes(StandardCharsets.UTF_8);
        piece.entry().setSize(bytes.length);
        tar.putArchiveEntry(piece.entry());
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
    layers.add(file);
  }

  private Path archive() throws IOException {
    Path file = folder.resolve("image.aci");
    AciFile.write(new AciFile.Parts(ID, "registry.example:5000/some/app", CONFIG, layers), file);
    return file;
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    LayerFile.visit(
        archive(),
        (entry, _, content) -> {
          if (entry.isLink() || entry.isSymbolicLink()) {
            contents.put(entry.getName(), "-> " + entry.getLinkName());
          } else if (!entry.isDirectory()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.transferTo(bytes);
            contents.put(entry.getName(), bytes.toString(StandardCharsets.UTF_8));
          }
        });
    return contents;
  }

  private List<TarArchiveEntry> entries() throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    LayerFile.visit(archive(), (entry, _, _) -> entries.add(entry));
    return entries;
  }
}
