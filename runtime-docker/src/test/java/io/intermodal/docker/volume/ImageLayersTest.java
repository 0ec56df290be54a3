package io.intermodal.docker.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageLayersTest {
  @TempDir Path root;

  @Test
  void layers_are_told_by_their_short_names_the_uppermost_first() throws IOException {
    layer("top", "TTT");
    layer("mid", "MMM\n");
    layer("low", "LLL");

    ImageLayers layers =
        overlay2("'UpperDir':'R/top/diff','LowerDir':'R/mid/diff:R/low/diff','WorkDir':'R/top/w'");

    assertThat(layers).isEqualTo(new ImageLayers(root, List.of("l/TTT", "l/MMM", "l/LLL")));
  }

  @Test
  void an_image_of_one_layer_has_no_lower_ones() throws IOException {
    layer("top", "TTT");

    assertThat(overlay2("'UpperDir':'R/top/diff'").names()).containsExactly("l/TTT");
  }

  @Test
  void another_storage_driver_is_refused_by_its_name() {
    assertRefused(
        "{'GraphDriver':{'Name':'zfs','Data':{'Dataset':'x'}}}",
        Code.UNIMPLEMENTED,
        "storage driver zfs");
    assertRefused(
        "{'GraphDriver':{'Name':'overlayfs','Data':null}}",
        Code.UNIMPLEMENTED,
        "storage driver overlayfs");
  }

  @Test
  void layers_that_cannot_be_seen_are_a_precondition() {
    assertRefused(
        "{'GraphDriver':{'Name':'overlay2','Data':{'UpperDir':'/elsewhere/overlay2/1/diff'}}}",
        Code.FAILED_PRECONDITION,
        "/elsewhere/overlay2/1/link");
  }

  @Test
  void an_image_without_layers_is_refused() {
    assertRefused(
        "{'GraphDriver':{'Name':'overlay2','Data':null}}", Code.INVALID_ARGUMENT, "no files");
  }

  private ImageLayers overlay2(String data) {
    return read(
        "{'GraphDriver':{'Name':'overlay2','Data':{" + data.replace("R", root.toString()) + "}}}");
  }

  private static void assertRefused(String json, Code code, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageStartingWith("mount \"/m\": ")
        .hasMessageContaining(message);
  }

  private static ImageLayers read(String json) {
    try {
      return ImageLayers.of(
          DefaultDockerClientConfig.createDefaultConfigBuilder()
              .build()
              .getObjectMapper()
              .readValue(json.replace('\'', '"'), InspectImageResponse.class),
          "mount \"/m\"");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void layer(String id, String link) throws IOException {
    Files.writeString(Files.createDirectories(root.resolve(id)).resolve("link"), link);
  }
}
