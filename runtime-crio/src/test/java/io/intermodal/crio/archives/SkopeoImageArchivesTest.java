package io.intermodal.crio.archives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.images.ImageArchive;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a script in the place of skopeo. */
@Timeout(60)
class SkopeoImageArchivesTest {
  private static final String CONFIGURATION =
      """
      [crio]
        root = "/var/lib/containers/storage"
        runroot = "/run/containers/storage"
        storage_driver = "overlay"
        storage_option = ["overlay.mountopt=nodev", "overlay.ignore_chown_errors=true"]
        [crio.api]
          listen = "/run/crio/crio.sock"
      """;
  private static final String STORAGE =
      "containers-storage:[overlay@/var/lib/containers/storage+/run/containers/storage"
          + ":overlay.mountopt=nodev,overlay.ignore_chown_errors=true]";

  @TempDir Path folder;

  @Test
  void each_name_is_copied_into_the_storage_that_cri_o_names() throws IOException {
    skopeo("echo \"$@\" >> arguments; file=${4#docker-archive:}; cat ${file%%:*} >> input")
        .load(new Archive());

    Path work = folder.resolve("work");
    assertThat(Files.readString(folder.resolve("arguments")).replaceAll("images[0-9]+", "images"))
        .isEqualTo(
            "--insecure-policy copy --quiet docker-archive:%1$s/images.tar:a.test/a:1 %2$sa.test/a:1\n"
                    .formatted(work, STORAGE)
                + "--insecure-policy copy --quiet docker-archive:%1$s/images.tar:a.test/b:1 %2$sa.test/b:1\n"
                    .formatted(work, STORAGE));
    assertThat(folder.resolve("input")).hasContent("a tara tar");
    assertThat(left()).isEmpty();
  }

  @Test
  void an_image_is_copied_out_by_its_id() throws IOException {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();

    skopeo("echo \"$@\" > arguments; printf 'a tar'").save("sha256:abc", saved);

    assertThat(saved.toString(StandardCharsets.UTF_8)).isEqualTo("a tar");
    assertThat(folder.resolve("arguments"))
        .hasContent(
            "--insecure-policy copy --quiet %s@abc docker-archive:/dev/stdout\n"
                .formatted(STORAGE));
  }

  @Test
  void what_it_logs_is_told_without_the_log_around_it_and_no_file_stays() throws IOException {
    SkopeoImageArchives archives =
        skopeo(
            "echo 'time=\"2026-11-28T19:00:00Z\" level=fatal msg=\"no image \\\"a\\\" here\"' >&2; exit 1");

    assertThatThrownBy(() -> archives.load(new Archive()))
        .hasMessage("skopeo said: no image \"a\" here");
    assertThat(left()).isEmpty();
  }

  @Test
  void a_configuration_that_does_not_say_where_is_refused() {
    assertThatThrownBy(() -> Storage.of(CONFIGURATION.replace("runroot", "rundir")))
        .hasMessage("its configuration names no runroot");
    assertThatThrownBy(() -> Storage.of("["))
        .hasMessageStartingWith("its configuration is no TOML");
  }

  private SkopeoImageArchives skopeo(String script) throws IOException {
    Path program = folder.resolve("skopeo");
    Files.writeString(program, "#!/bin/sh\ncd %s\n%s\n".formatted(folder, script));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new SkopeoImageArchives(program, Storage.of(CONFIGURATION), folder.resolve("work"));
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("work"))) {
      return files.toList();
    }
  }

  private record Archive() implements ImageArchive {
    @Override
    public List<ArchivedImage> images() {
      return List.of(new ArchivedImage("sha256:abc", List.of("a.test/a:1", "a.test/b:1")));
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream("a tar".getBytes(StandardCharsets.UTF_8));
    }
  }
}
