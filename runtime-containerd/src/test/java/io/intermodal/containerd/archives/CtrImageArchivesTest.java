package io.intermodal.containerd.archives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.intermodal.runtime.CriException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a script in the place of ctr. */
@Timeout(60)
class CtrImageArchivesTest {
  private static final int LARGE = 1 << 20;

  @TempDir Path folder;

  @Test
  void an_archive_is_piped_into_an_import_into_cris_namespace() throws IOException {
    CtrImageArchives archives =
        ctr("echo \"$@\" > arguments; cat > input; echo unpacking; echo done >&2");

    archives.load(archive("x".repeat(LARGE)));

    assertThat(folder.resolve("arguments"))
        .hasContent("--address /run/c.sock --namespace k8s.io images import --all-platforms -\n");
    assertThat(folder.resolve("input")).hasContent("x".repeat(LARGE));
  }

  @Test
  void an_image_is_exported_by_its_id_and_what_is_said_beside_it_is_no_part_of_it()
      throws IOException {
    CtrImageArchives archives = ctr("echo \"$@\" > arguments; echo warning >&2; printf 'a tar'");
    ByteArrayOutputStream saved = new ByteArrayOutputStream();

    archives.save("sha256:abc", saved);

    assertThat(saved.toString(StandardCharsets.UTF_8)).isEqualTo("a tar");
    assertThat(folder.resolve("arguments"))
        .hasContent("--address /run/c.sock --namespace k8s.io images export - sha256:abc\n");
  }

  @Test
  void an_import_that_ends_before_it_has_read_all_is_told_in_its_own_words() throws IOException {
    CtrImageArchives archives =
        ctr("head -c 10 > input; echo 'ctr: unrecognized image format' >&2; exit 1");

    assertThat(refusal(archives, archive("x".repeat(LARGE))))
        .hasMessage("containerd said: unrecognized image format");
  }

  @Test
  void known_words_have_codes_and_cures() throws IOException {
    assertThat(
            refusal(
                    ctr("cat > input; echo 'ctr: write /x: no space left on device'; exit 1"),
                    archive("x"))
                .code())
        .isEqualTo(CriException.Code.RESOURCE_EXHAUSTED);
    assertThat(
            refusal(
                ctr("echo 'ctr: failed to dial \"/run/c.sock\": refused'; exit 1"), archive("x")))
        .hasMessageStartingWith("containerd does not answer: is it running?");
    CtrImageArchives discarding =
        ctr("echo 'ctr: failed to get reader: content digest sha256:abc: not found' >&2; exit 1");
    assertThatThrownBy(() -> discarding.save("x", new ByteArrayOutputStream()))
        .hasMessageContaining("set discard_unpacked_layers = false");
  }

  @Test
  void an_archive_that_cannot_be_read_is_not_taken_for_whole() throws IOException {
    CtrImageArchives archives = ctr("cat > input; touch finished");

    assertThatThrownBy(() ->
            archives.load(
                new Archive(
                    new InputStream() {
                      @Override
                      public int read() throws IOException {
                        throw new IOException("the disk is broken");
                      }

                      @Override
                      public int read(byte[] bytes, int offset, int length) throws IOException {
                        throw new IOException("the disk is broken");
                      }
                    })))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is broken");
  }

  @Test
  void a_program_that_cannot_be_run_is_named() {
    CtrImageArchives archives =
        new CtrImageArchives(folder.resolve("none"), Path.of("/run/c.sock"));

    assertThat(refusal(archives, archive("x")))
        .hasMessageStartingWith(folder.resolve("none") + " cannot be run");
  }

  private static CriException refusal(CtrImageArchives archives, ImageArchive archive) {
    CriException refusal = catchThrowableOfType(CriException.class, () -> archives.load(archive));
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private CtrImageArchives ctr(String script) throws IOException {
    Path program = folder.resolve("ctr");
    Files.writeString(program, "#!/bin/sh\ncd %s\n%s\n".formatted(folder, script));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new CtrImageArchives(program, Path.of("/run/c.sock"));
  }

  private static ImageArchive archive(String content) {
    return new Archive(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
  }

  private record Archive(InputStream open) implements ImageArchive {
    @Override
    public List<ArchivedImage> images() {
      return List.of();
    }

    @Override
    public long size() {
      return 0;
    }
  }
}
