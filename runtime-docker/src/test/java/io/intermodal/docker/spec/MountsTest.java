package io.intermodal.docker.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.IDMapping;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import io.intermodal.docker.spec.labels.ImageVolume;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountsTest {
  private static final int NO_RECURSIVE_READ_ONLY = 43;
  private static final int RECURSIVE_READ_ONLY = 44;
  private static final int IMAGES = 48;

  @TempDir Path host;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // API | propagation | readonly | recursive | ReadOnly | BindOptions
        "41 | PROPAGATION_PRIVATE           | false | false | false | {'Propagation':null}",
        "41 | PROPAGATION_PRIVATE           | true  | false | true  | {'Propagation':null}",
        "44 | PROPAGATION_PRIVATE           | false | false | false | {'Propagation':null}",
        "44 | PROPAGATION_PRIVATE           | true  | false | true  | {'Propagation':null,'ReadOnlyNonRecursive':true}",
        "44 | PROPAGATION_PRIVATE           | true  | true  | true  | {'Propagation':'rprivate','ReadOnlyForceRecursive':true}",
        "44 | PROPAGATION_HOST_TO_CONTAINER | true  | false | true  | {'Propagation':'rslave','ReadOnlyNonRecursive':true}",
        "41 | PROPAGATION_HOST_TO_CONTAINER | false | false | false | {'Propagation':'rslave'}",
        "41 | PROPAGATION_BIDIRECTIONAL     | false | false | false | {'Propagation':'rshared'}"
      })
  void aHostPathIsABindMount(
      int apiMinor,
      MountPropagation propagation,
      boolean readonly,
      boolean recursive,
      boolean expectedReadOnly,
      String expectedOptions) {
    JsonNode mount =
        fill(
                apiMinor,
                mount()
                    .setPropagation(propagation)
                    .setReadonly(readonly)
                    .setRecursiveReadOnly(recursive))
            .get("Mounts")
            .get(0);

    assertThat(mount.get("Type").asText()).isEqualTo("bind");
    assertThat(mount.get("Source").asText()).isEqualTo(host.toString());
    assertThat(mount.get("Target").asText()).isEqualTo("/data");
    assertThat(mount.get("ReadOnly").asBoolean()).isEqualTo(expectedReadOnly);
    assertThat(mount.get("BindOptions")).hasToString(expectedOptions.replace('\'', '"'));
  }

  @Test
  void aMissingHostPathIsMadeAFolder() {
    Path missing = host.resolve("not/there/yet");

    fill(44, mount().setHostPath(missing.toString()));

    assertThat(missing).isDirectory();
  }

  @Test
  void aFileIsMountedAsItIs() throws IOException {
    Path file = Files.writeString(host.resolve("file"), "x");

    assertThat(source(file)).isEqualTo(file.toString());
    assertThat(file).hasContent("x");
  }

  @Test
  void aSymbolicLinkIsResolved() throws IOException {
    Path real = Files.createDirectory(host.resolve("real"));
    Path link = Files.createSymbolicLink(host.resolve("link"), real);

    assertThat(source(link)).isEqualTo(real.toRealPath().toString());
  }

  @Test
  void aPathThatCannotBeMadeIsSaidSo() throws IOException {
    Path file = Files.writeString(host.resolve("file"), "x");
    Path dangling = Files.createSymbolicLink(host.resolve("link"), host.resolve("gone"));

    assertRefused(
        44, mount().setHostPath(file + "/below"), Code.FAILED_PRECONDITION, "cannot be made");
    assertRefused(
        44,
        mount().setHostPath(dangling.toString()),
        Code.FAILED_PRECONDITION,
        dangling.toString());
  }

  @Test
  void relabellingIsForHostsWithSeLinux() {
    Mount.Builder wish = mount().setSelinuxRelabel(true).setReadonly(true);

    assertThat(fill(44, wish).get("Binds")).hasToString("[\"" + host + ":/data:ro,Z\"]");
    assertThat(fill(44, wish).get("Mounts")).isEmpty();

    HostConfig without = new HostConfig();
    new Mounts(Requested.oldDocker(), new ImagesNowhere()).fill(without, List.of(wish.build()));
    assertThat(without.getBinds()).isEmpty();
    assertThat(without.getMounts()).hasSize(1);
  }

  @Test
  void anImageIsMountedReadOnlyByAnEngineThatCan() {
    JsonNode mount = fill(IMAGES, model("weights")).get("Mounts").get(0);

    assertThat(mount.get("Type").asText()).isEqualTo("image");
    assertThat(mount.get("Source").asText()).isEqualTo("sha256:busybox");
    assertThat(mount.get("ReadOnly").asBoolean()).isTrue();
    assertThat(mount.get("ImageOptions")).hasToString("{\"Subpath\":\"weights\"}");
  }

  @Test
  void toAnOlderEngineAnImageIsAFolderThatIsReadOnly() {
    HostConfig target = new HostConfig();

    List<ImageVolume> volumes =
        new Mounts(Requested.docker(IMAGES - 1), new ImagesNowhere())
            .fill(target, List.of(model("weights").build(), mount().build()));

    JsonNode mount = Requested.body(target).get("Mounts").get(0);
    assertThat(mount.get("Type").asText()).isEqualTo("bind");
    assertThat(mount.get("Source").asText()).isEqualTo("/shown/busybox/weights");
    assertThat(mount.get("Target").asText()).isEqualTo("/model");
    assertThat(mount.get("ReadOnly").asBoolean()).isTrue();
    assertThat(volumes)
        .containsExactly(new ImageVolume("/model", "sha256:busybox", "busybox", "weights"));
  }

  @Test
  void anImageThatIsToBeWrittenIsRefused() {
    assertRefused(
        IMAGES, model("").setReadonly(false), Code.INVALID_ARGUMENT, "only be mounted readonly");
  }

  @ParameterizedTest
  @CsvSource({"/weights", "../etc", "a/../../b", "a/..", ".."})
  void aPartOfAnImageIsARelativePathThatStaysInside(String subPath) {
    for (int api : List.of(IMAGES - 1, IMAGES)) {
      assertRefused(
          api, model(subPath), Code.INVALID_ARGUMENT, "image_sub_path \"" + subPath + "\"");
    }
  }

  @Test
  void whatContradictsItselfOrCannotBeDoneIsRefusedNamingTheMount() {
    assertRefused(
        NO_RECURSIVE_READ_ONLY,
        mount().setReadonly(true).setRecursiveReadOnly(true),
        Code.UNIMPLEMENTED,
        "mount \"/data\": recursive_read_only needs Docker API 1.44, this engine speaks 1.43");
    assertRefused(
        RECURSIVE_READ_ONLY,
        mount().setRecursiveReadOnly(true),
        Code.INVALID_ARGUMENT,
        "needs readonly");
    assertRefused(
        RECURSIVE_READ_ONLY,
        mount()
            .setReadonly(true)
            .setRecursiveReadOnly(true)
            .setPropagation(MountPropagation.PROPAGATION_HOST_TO_CONTAINER),
        Code.INVALID_ARGUMENT,
        "needs private propagation");
    assertRefused(
        44,
        mount().setContainerPath("data"),
        Code.INVALID_ARGUMENT,
        "mount \"data\": container_path");
    assertRefused(44, mount().setHostPath(""), Code.INVALID_ARGUMENT, "host_path \"\"");
    assertRefused(44, mount().setHostPath("rel"), Code.INVALID_ARGUMENT, "host_path \"rel\"");
    assertRefused(44, mount().setHostPath("/a\0b"), Code.INVALID_ARGUMENT, "no path");
    assertRefused(
        44, mount().setPropagationValue(9), Code.INVALID_ARGUMENT, "unknown propagation 9");
    assertRefused(
        44,
        mount().addUidMappings(IDMapping.getDefaultInstance()),
        Code.UNIMPLEMENTED,
        "user or group ids");
    assertRefused(44, mount().addMountOptions("noexec"), Code.UNIMPLEMENTED, "[noexec]");
    assertRefused(44, mount().setImageSubPath("x"), Code.INVALID_ARGUMENT, "without an image");
    assertRefused(
        IMAGES,
        mount().setImage(ImageSpec.newBuilder().setImage("i")),
        Code.INVALID_ARGUMENT,
        "both a host_path and an image");
  }

  private String source(Path path) {
    return fill(44, mount().setHostPath(path.toString()))
        .get("Mounts")
        .get(0)
        .get("Source")
        .asText();
  }

  private void assertRefused(int apiMinor, Mount.Builder wish, Code code, String message) {
    assertThatThrownBy(() -> fill(apiMinor, wish))
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private JsonNode fill(int apiMinor, Mount.Builder wish) {
    HostConfig target = new HostConfig();
    new Mounts(Requested.docker(apiMinor), new ImagesNowhere()).fill(target, List.of(wish.build()));
    return Requested.body(target);
  }

  private static Mount.Builder model(String subPath) {
    return Mount.newBuilder()
        .setContainerPath("/model")
        .setReadonly(true)
        .setImage(ImageSpec.newBuilder().setImage("busybox"))
        .setImageSubPath(subPath);
  }

  private Mount.Builder mount() {
    return Mount.newBuilder().setContainerPath("/data").setHostPath(host.toString());
  }
}
