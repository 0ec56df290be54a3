package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.intermodal.cri.v1.Mount;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.image.TestImages;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of an image in a container of another. */
@EndToEnd(EngineKind.TRANSLATED)
class ImageVolumesIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Cri cri;
  private final Node node;

  ImageVolumesIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void a_volume_shows_what_all_layers_of_the_image_together_say() {
    Container container = with(mount(layered()));

    assertThat(container.output("cat /model/data/low")).isEqualTo("low");
    assertThat(container.output("cat /model/data/both")).isEqualTo("up");
    assertThat(container.output("ls -A /model/data")).isEqualTo("both\nlow\nsub");
  }

  @Test
  void an_image_of_a_single_layer_can_be_a_volume() {
    TestImages.Image image = cri.testImages().unique();
    String id = cri.pull(image.byTag());
    cri.removeImageAtEnd(id);

    assertThat(with(mount(id)).output("ls /model")).startsWith("unique").endsWith(".txt");
  }

  @Test
  void a_volume_cannot_be_written() {
    Container container = with(mount(layered()));

    assertThat(container.exec("echo x > /model/data/new").getExitCode()).isNotZero();
    assertThat(container.exec("echo x > /model/data/low").getExitCode()).isNotZero();
    assertThat(container.exec("rm /model/data/low").getExitCode()).isNotZero();
  }

  @Test
  void a_folder_or_a_file_of_the_image_may_be_mounted_alone() {
    String image = layered();

    assertThat(with(mount(image).setImageSubPath("data/sub")).output("cat /model/file"))
        .isEqualTo("up");
    assertThat(with(mount(image).setImageSubPath("data/low")).output("cat /model"))
        .isEqualTo("low");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing/here", "../etc", "/data", "data/gone"})
  void a_part_that_is_not_in_the_image_is_an_invalid_argument(String subPath) {
    Mount.Builder mount = mount(layered()).setImageSubPath(subPath);

    assertRefused(() -> with(mount), Status.Code.INVALID_ARGUMENT, subPath);
  }

  @Test
  void a_volume_that_is_to_be_written_is_an_invalid_argument() {
    Mount.Builder mount = mount(layered()).setReadonly(false);

    assertRefused(() -> with(mount), Status.Code.INVALID_ARGUMENT, "readonly");
  }

  @Test
  void an_image_that_is_not_on_the_node_is_not_found() {
    String missing = cri.testImages().missing();

    assertRefused(() -> with(mount(missing)), Status.Code.NOT_FOUND, missing);
  }

  @Test
  void the_status_says_image_and_part() {
    String image = layered();
    Container container = with(mount(image).setImageSubPath("data/sub"));

    assertThat(container.status().getMountsList())
        .singleElement()
        .satisfies(mount -> {
          assertThat(mount.getContainerPath()).isEqualTo("/model");
          assertThat(mount.getImage().getImage()).isEqualTo(image);
          assertThat(mount.getImage().getImageRef()).isEqualTo(image);
          assertThat(mount.getImageSubPath()).isEqualTo("data/sub");
          assertThat(mount.getReadonly()).isTrue();
          assertThat(mount.getHostPath()).isEmpty();
        });
  }

  @Test
  void an_image_stays_while_it_is_a_volume_and_can_be_removed_afterwards() {
    String image = layered();
    Pod pod = cri.runPod();
    Container one = pod.startIdle(config -> config.addMounts(mount(image)));
    Container two = pod.startIdle(config -> config.addMounts(mount(image)));

    assertRefused(() -> cri.removeImage(image), Status.Code.FAILED_PRECONDITION, image);
    one.remove();
    assertRefused(() -> cri.removeImage(image), Status.Code.FAILED_PRECONDITION, image);
    assertThat(two.output("cat /model/data/both")).isEqualTo("up");
    two.remove();
    cri.removeImage(image);

    assertThat(cri.image(image)).isEmpty();
  }

  @Test
  void docker_itself_does_not_take_the_files_away_either() {
    String image = layered();
    Container container = with(mount(image));

    // Docker 28 lets the image go, older ones refuse unless forced; the layers stay in any case.
    node.docker().api().delete("/images/" + image);
    node.docker().api().delete("/images/" + image + "?force=1");

    assertThat(container.output("cat /model/data/low /model/data/both")).isEqualTo("lowup");
  }

  @Test
  void a_container_that_could_not_be_made_uses_no_image() {
    String image = layered();
    Mount.Builder wrong = mount(image).setImageSubPath("nothing/here");
    assertRefused(() -> with(wrong), Status.Code.INVALID_ARGUMENT, image);

    cri.containerIds().forEach(id -> node.docker().api().delete("/containers/" + id + "?force=1"));
    Await.until("no container is left", SOON, () -> cri.containerIds().isEmpty());
    cri.removeImage(image);

    assertThat(cri.image(image)).isEmpty();
  }

  @Test
  void a_container_that_somebody_else_removes_lets_go_of_its_image() {
    String image = layered();
    Container container = with(mount(image));

    node.docker().api().delete("/containers/" + container.id() + "?force=1");
    Await.until("no container is left", SOON, () -> cri.containerIds().isEmpty());

    Await.until(
        "the image can be removed",
        SOON,
        () -> {
          node.docker().api().delete("/images/" + image);
          return cri.image(image).isEmpty();
        });
  }

  private Container with(Mount.Builder mount) {
    return cri.runPod().startIdle(config -> config.addMounts(mount));
  }

  private String layered() {
    String id = cri.pull(cri.testImages().layered().byTag());
    cri.removeImageAtEnd(id);
    return id;
  }

  private static Mount.Builder mount(String image) {
    return Mount.newBuilder()
        .setContainerPath("/model")
        .setReadonly(true)
        .setImage(Cri.imageSpec(image));
  }

  private static void assertRefused(ThrowingCallable call, Status.Code code, String message) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(code);
  }
}
