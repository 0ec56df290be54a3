package io.intermodal.docker.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubPathTest {
  @TempDir Path host;

  private Path image;

  @BeforeEach
  void anImage() throws IOException {
    image = Files.createDirectories(host.resolve("image")).toRealPath();
    Files.writeString(Files.createDirectories(image.resolve("data/sub")).resolve("file"), "");
    Files.createDirectories(host.resolve("image-of-another"));
    Files.createSymbolicLink(image.resolve("inside"), Path.of("data/sub"));
    Files.createSymbolicLink(image.resolve("outside"), Path.of("../image-of-another"));
    Files.createSymbolicLink(image.resolve("absolute"), host);
    Files.createSymbolicLink(image.resolve("data/dangling"), Path.of("/no/such"));
    Files.createSymbolicLink(image.resolve("loop"), Path.of("loop"));
  }

  @Test
  void folders_files_and_links_inside_are_found() {
    assertThat(find("")).isEqualTo(image);
    assertThat(find("data/sub")).isEqualTo(image.resolve("data/sub"));
    assertThat(find("./data//sub/file")).isEqualTo(image.resolve("data/sub/file"));
    assertThat(find("inside/file")).isEqualTo(image.resolve("data/sub/file"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "outside",
        "absolute",
        "absolute/image-of-another",
        "data/dangling",
        "loop"
      })
  void what_is_missing_or_outside_is_refused_with_one_sentence(String subPath) {
    assertThatThrownBy(() -> find(subPath))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT))
        .hasMessage(
            "mount \"/m\": image_sub_path \"%s\" does not exist in image i, or a symbolic link leads out of it",
            subPath);
  }

  private Path find(String subPath) {
    return SubPath.within(image, "i", subPath, "mount \"/m\"");
  }
}
