package io.intermodal.docker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.ChangeLog;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.spec.resources.CgroupSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointArchiveTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path root;

  private Path location;
  private RunningProcess process;

  @BeforeEach
  void aContainer() throws IOException {
    location = root.resolve("out/c.tar");
    Files.createDirectory(root.resolve("out"));
    Path changes = Files.createDirectories(root.resolve("changes"));
    Files.createDirectories(changes.resolve("etc/gone"));
    Files.writeString(changes.resolve("etc/new"), "n");
    Files.writeString(changes.resolve("gone*"), "a mark of overlayfs");
    Files.writeString(changes.resolve("gone1"), "stays");
    Files.createSymbolicLink(changes.resolve("link"), root);
    process = new RunningProcess(Files.writeString(root.resolve("config.json"), "{}"), changes);
  }

  @Test
  void the_archive_holds_processes_configuration_and_changed_files_for_its_owner_alone()
      throws Exception {
    try (CheckpointArchive archive = CheckpointArchive.beside(location, LIMIT)) {
      Path images = Files.createDirectory(archive.folder().resolve(CheckpointArchive.PROCESSES));
      Files.writeString(images.resolve("pages-1.img"), "memory");
      archive.describe(container(), Instant.EPOCH);
      archive.take(process, List.of(change("/etc/new", 1), change("/gone*", 2)));
      archive.finish(location);
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(location)))
        .isEqualTo("rw-------");
    assertThat(location.getParent()).isDirectoryNotContaining(path -> !path.equals(location));
    Path unpacked = unpack(location);
    assertThat(unpacked.resolve("checkpoint/pages-1.img")).hasContent("memory");
    assertThat(unpacked.resolve("spec.dump")).hasContent("{}");
    assertThat(unpacked.resolve("deleted.files")).hasContent("[\"/gone*\"]");
    JsonObject config =
        JsonParser.parseString(Files.readString(unpacked.resolve("config.dump"))).getAsJsonObject();
    assertThat(config.get("id").getAsString()).isEqualTo("c1");
    assertThat(config.get("rootfsImageName").getAsString()).isEqualTo("busybox");
    assertThat(config.get("createdTime").getAsString()).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(config.get("checkpointedTime").getAsString()).isEqualTo("1970-01-01T00:00:00Z");
    Path changed = unpack(unpacked.resolve("rootfs-diff.tar"));
    assertThat(changed.resolve("etc/new")).hasContent("n");
    assertThat(changed.resolve("etc/gone")).isDirectory();
    assertThat(changed.resolve("gone1")).exists();
    assertThat(changed.resolve("gone*")).doesNotExist();
    assertThat(changed.resolve("link")).isSymbolicLink();
  }

  @Test
  void nothing_is_left_when_it_comes_to_nothing() throws IOException {
    assertThatThrownBy(
            () -> {
              try (CheckpointArchive archive = CheckpointArchive.beside(location, LIMIT)) {
                archive.describe(container(), Instant.EPOCH);
                archive.finish(location);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checkpoint");

    assertThat(location.getParent()).isEmptyDirectory();
  }

  @Test
  void what_a_crash_left_is_in_nobodys_way() throws IOException {
    CheckpointArchive crashed = CheckpointArchive.beside(location, LIMIT);
    Files.writeString(crashed.folder().resolve("left"), "");

    try (CheckpointArchive archive = CheckpointArchive.beside(location, LIMIT)) {
      assertThat(archive.folder()).isEmptyDirectory();
    }
    assertThat(location.getParent()).isEmptyDirectory();
  }

  private Path unpack(Path archive) throws IOException, InterruptedException {
    Path folder = Files.createDirectory(root.resolve("unpacked-" + archive.getFileName()));
    int status =
        new ProcessBuilder("tar", "--extract", "--file=" + archive, "--directory=" + folder)
            .inheritIO()
            .start()
            .waitFor();
    assertThat(status).isZero();
    return folder;
  }

  private static Container container() {
    return new Container(
        ContainerStatus.newBuilder()
            .setId("c1")
            .setMetadata(ContainerMetadata.newBuilder().setName("web"))
            .setImage(ImageSpec.newBuilder().setImage("busybox"))
            .setImageRef("sha256:1")
            .setCreatedAt(1_000_000_000L)
            .build(),
        "5a",
        false,
        1,
        "",
        new CgroupSettings(Map.of(), Map.of()));
  }

  private static ChangeLog change(String path, int kind) {
    return Objects.requireNonNull(
        new Gson().fromJson("{\"path\":\"" + path + "\",\"kind\":" + kind + "}", ChangeLog.class));
  }
}
