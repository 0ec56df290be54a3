package io.intermodal.server.pause;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class PauseImageTest {
  private final PauseImage image = PauseImage.load();

  @Test
  void the_manifest_names_the_image_its_configuration_and_its_layer() throws Exception {
    Map<String, Entry> archive = untar(image.archive());

    JsonObject manifest =
        JsonParser.parseString(text(archive, "manifest.json"))
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject();

    assertThat(manifest.getAsJsonArray("RepoTags").get(0).getAsString())
        .isEqualTo(image.reference());
    assertThat(archive).containsKey(manifest.get("Config").getAsString());
    assertThat(archive).containsKey(manifest.getAsJsonArray("Layers").get(0).getAsString());
  }

  @Test
  void the_id_is_the_digest_of_the_configuration_and_the_tag_its_beginning() throws Exception {
    String digest = image.id().substring("sha256:".length());

    assertThat(sha256(entry(untar(image.archive()), digest + ".json").content())).isEqualTo(digest);
    assertThat(image.reference())
        .isEqualTo("localhost/intermodal/pause:" + digest.substring(0, 12));
  }

  @Test
  void the_configuration_carries_the_digest_of_the_layer_and_the_entry_point() throws Exception {
    Map<String, Entry> archive = untar(image.archive());
    JsonObject config =
        JsonParser.parseString(text(archive, image.id().substring("sha256:".length()) + ".json"))
            .getAsJsonObject();

    assertThat(config.getAsJsonObject("rootfs").getAsJsonArray("diff_ids").get(0).getAsString())
        .isEqualTo("sha256:" + sha256(entry(archive, "layer.tar").content()));
    assertThat(config.getAsJsonObject("config").getAsJsonArray("Entrypoint").get(0).getAsString())
        .isEqualTo("/pause");
    assertThat(config.get("architecture").getAsString())
        .isEqualTo(PauseProgram.load().architecture());
  }

  @Test
  void the_layer_holds_the_executable_program_and_nothing_of_who_packed_it() throws Exception {
    Map<String, Entry> layer = untar(entry(untar(image.archive()), "layer.tar").content());

    assertThat(layer).containsOnlyKeys("pause");
    Entry program = entry(layer, "pause");
    assertThat(program.content()).isEqualTo(PauseProgram.load().elf());
    assertThat(program.header().getMode() & 0777).isEqualTo(0755);
    assertThat(program.header().getLongUserId()).isZero();
    assertThat(program.header().getUserName()).isEmpty();
    assertThat(program.header().getLastModifiedTime().toMillis()).isZero();
  }

  @Test
  void packing_twice_gives_the_same_bytes() {
    assertThat(PauseImage.load().archive()).isEqualTo(image.archive());
  }

  @Test
  void another_program_is_another_image() {
    PauseProgram program = PauseProgram.load();
    ByteString changed = program.elf().concat(ByteString.copyFromUtf8("more"));

    PauseImage other = PauseImage.of(new PauseProgram(changed, program.architecture()));

    assertThat(other.reference()).isNotEqualTo(image.reference());
  }

  @Test
  void an_engine_gets_the_archive_under_its_name_as_often_as_it_asks() throws Exception {
    var archive = image.sandboxImage().builtIn().orElseThrow();

    for (int i = 0; i < 2; i++) {
      try (InputStream in = archive.open()) {
        assertThat(in.readAllBytes()).isEqualTo(image.archive().toByteArray());
      }
    }
    assertThat(image.sandboxImage().reference()).isEqualTo(image.reference());
  }

  private record Entry(TarArchiveEntry header, ByteString content) {}

  private static Map<String, Entry> untar(ByteString tar) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(tar.newInput())) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), new Entry(entry, ByteString.readFrom(in)));
      }
    }
    return entries;
  }

  private static Entry entry(Map<String, Entry> archive, String name) {
    Entry entry = archive.get(name);
    assertThat(entry).as(name).isNotNull();
    if (entry == null) {
      throw new AssertionError(name);
    }
    return entry;
  }

  private static String text(Map<String, Entry> archive, String name) {
    return entry(archive, name).content().toStringUtf8();
  }

  private static String sha256(ByteString content) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(content.toByteArray()));
  }
}
