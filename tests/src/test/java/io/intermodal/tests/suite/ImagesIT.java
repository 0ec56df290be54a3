package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.cri.v1.ContainerFilter;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.NotOnCrio;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.image.Registry;
import io.intermodal.tests.image.TestImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulling, finding and removing images. */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO,
  EngineKind.TRANSLATED_RKT
})
class ImagesIT {
  private final Cri cri;

  ImagesIT(Cri cri) {
    this.cri = cri;
  }

  private TestImages.Image unique() {
    TestImages.Image image = cri.testImages().unique();
    cri.removeImageAtEnd(image.id());
    return image;
  }

  @Test
  void an_image_pulled_by_tag_is_found_by_everything_that_names_it() {
    TestImages.Image image = unique();

    String id = cri.pull(image.byTag());

    for (String name : List.of(image.byTag(), image.byDigest(), id, id.replace("sha256:", ""))) {
      assertThat(cri.image(name)).as(name).map(Image::getId).contains(id);
    }
    Image found = cri.image(id).orElseThrow();
    assertThat(found.getRepoTagsList()).containsExactly(image.byTag());
    assertThat(found.getRepoDigestsList()).containsExactly(image.byDigest());
    assertThat(found.getSize()).isPositive();
    assertThat(cri.listImages()).filteredOn(i -> i.getId().equals(id)).hasSize(1);
  }

  @Test
  void an_image_is_found_by_the_beginning_of_its_id() {
    TestImages.Image image = unique();
    String id = cri.pull(image.byTag());

    assertThat(cri.image(id.replace("sha256:", "").substring(0, 12)))
        .map(Image::getId)
        .contains(id);
  }

  @Test
  @NotOnCrio("gives ids without sha256: before them")
  void the_id_is_the_digest_of_the_images_configuration() {
    TestImages.Image image = unique();

    assertThat(cri.pull(image.byTag())).isEqualTo(image.id());
  }

  @Test
  void an_image_pulled_by_digest_has_that_digest_and_no_tag() {
    TestImages.Image image = unique();

    String id = cri.pull(image.byDigest());

    Image found = cri.image(image.byDigest()).orElseThrow();
    assertThat(found.getId()).isEqualTo(id);
    assertThat(found.getRepoDigestsList()).containsExactly(image.byDigest());
    assertThat(found.getRepoTagsList()).isEmpty();
  }

  @Test
  void an_image_pulled_by_tag_and_digest_is_the_digests() {
    TestImages.Image image = unique();

    String id = cri.pull(image.byTagAndDigest());

    assertThat(cri.image(image.byDigest())).map(Image::getId).contains(id);
  }

  @Test
  void no_tag_is_latest() {
    TestImages.Image busybox = cri.testImages().busybox();

    String id = cri.pull(busybox.repository());

    assertThat(cri.image(busybox.repository() + ":latest")).map(Image::getId).contains(id);
    assertThat(cri.image(busybox.repository())).map(Image::getId).contains(id);
  }

  @Test
  @OnlyTranslated("reports no id of a container's image")
  void all_ids_of_an_image_are_one_and_the_same() {
    TestImages.Image busybox = cri.testImages().busybox();
    String pulled = cri.pull(busybox.byTag());
    Container container = cri.runPod().startIdle();

    assertThat(cri.image(busybox.byTag())).map(Image::getId).contains(pulled);
    assertThat(container.status().getImageId()).isEqualTo(pulled);
    assertThat(
            cri.runtime()
                .listContainers(
                    ListContainersRequest.newBuilder()
                        .setFilter(ContainerFilter.newBuilder().setId(container.id()))
                        .build())
                .getContainersList())
        .singleElement()
        .satisfies(listed -> assertThat(listed.getImageId()).isEqualTo(pulled));
  }

  @Test
  void one_image_under_two_names_is_one_image_with_two_names() {
    TestImages.Image busybox = cri.testImages().busybox();
    TestImages.Image twin = cri.testImages().twin();

    String id = cri.pull(busybox.byTag());
    String twinId = cri.pull(twin.byTag());

    assertThat(twinId).isEqualTo(id);
    assertThat(cri.image(id).orElseThrow().getRepoTagsList())
        .contains(busybox.byTag(), twin.byTag());
    assertThat(cri.listImages()).filteredOn(image -> image.getId().equals(id)).hasSize(1);
  }

  @Test
  void two_tags_of_one_name_may_be_two_images() {
    assertThat(cri.pull(cri.testImages().busybox().byTag()))
        .isNotEqualTo(cri.pull(cri.testImages().other().byTag()));
  }

  @Test
  void a_missing_image_is_an_empty_status_and_no_error() {
    assertThat(cri.image(cri.testImages().missing())).isEmpty();
    assertThat(cri.image("sha256:" + "0".repeat(64))).isEmpty();
  }

  @Test
  void removing_removes_the_image_with_all_its_names() {
    TestImages.Image image = unique();
    String id = cri.pull(image.byTag());
    cri.pull(image.repository() + ":2");

    cri.removeImage(id);

    assertThat(cri.image(id)).isEmpty();
    assertThat(cri.image(image.byTag())).isEmpty();
    assertThat(cri.image(image.repository() + ":2")).isEmpty();
    assertThat(cri.listImages()).noneMatch(listed -> listed.getId().equals(id));
  }

  @Test
  void removing_a_missing_image_succeeds_and_so_does_removing_twice() {
    TestImages.Image image = unique();
    cri.pull(image.byTag());

    cri.removeImage(image.byTag());
    assertThatCode(() -> cri.removeImage(image.byTag())).doesNotThrowAnyException();
    assertThatCode(() -> cri.removeImage(cri.testImages().missing())).doesNotThrowAnyException();
  }

  @Test
  void pulling_again_changes_nothing() {
    TestImages.Image image = unique();

    assertThat(cri.pull(image.byTag())).isEqualTo(cri.pull(image.byTag()));
  }

  @Test
  @NotOnCrio("gives ids without sha256: before them")
  void the_same_name_pulled_many_times_at_once_gives_one_answer() throws Exception {
    TestImages.Image image = unique();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> pulls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        pulls.add(threads.submit(() -> cri.pull(image.byTag())));
      }
      for (Future<String> pull : pulls) {
        assertThat(pull.get()).isEqualTo(image.id());
      }
    }
  }

  @Test
  @NotOnCrio("says UNKNOWN")
  void an_image_that_the_registry_does_not_have_is_not_found_and_named() {
    String missing = cri.testImages().missing();

    assertThatThrownBy(() -> cri.pull(missing))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining(missing)
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPPER/Case:1", "a:b:c", "name@sha256:short", "with space"})
  @OnlyTranslated("calls bad input an unknown error")
  void a_reference_that_is_none_is_an_invalid_argument(String reference) {
    assertThatThrownBy(() -> cri.pull(reference))
        .isInstanceOf(StatusRuntimeException.class)
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void the_images_user_is_a_uid_or_a_name() {
    cri.pull(cri.testImages().userId().byTag());
    cri.pull(cri.testImages().userName().byTag());

    Image numbered = cri.image(cri.testImages().userId().byTag()).orElseThrow();
    Image named = cri.image(cri.testImages().userName().byTag()).orElseThrow();

    assertThat(numbered.getUid().getValue()).isEqualTo(TestImages.NUMBERED_UID);
    assertThat(numbered.getUsername()).isEmpty();
    assertThat(named.getUsername()).isEqualTo("reader");
    assertThat(named.hasUid()).isFalse();
  }

  @Test
  void a_registry_with_a_password_lets_in_who_knows_it_and_nobody_else() {
    String name = cri.testImages().behindPassword(unique());

    assertThatThrownBy(() -> cri.pull(name)).isInstanceOf(StatusRuntimeException.class);
    assertThatThrownBy(() -> pull(name, "wrong")).isInstanceOf(StatusRuntimeException.class);
    assertThat(cri.image(name)).isEqualTo(Optional.empty());

    assertThat(pull(name, Registry.PASSWORD)).isNotEmpty();
    assertThat(cri.image(name)).isPresent();
  }

  @Test
  void a_password_never_comes_back_in_an_error() {
    String name = cri.testImages().behindPassword(cri.testImages().busybox()) + "-missing";

    assertThatThrownBy(() -> pull(name, Registry.PASSWORD))
        .message()
        .doesNotContain(Registry.PASSWORD);
  }

  @Test
  void the_image_file_system_is_a_folder_with_bytes_in_it() {
    cri.pull(cri.testImages().busybox().byTag());

    var answer = cri.images().imageFsInfo(ImageFsInfoRequest.getDefaultInstance());

    assertThat(answer.getImageFilesystemsList()).isNotEmpty();
    FilesystemUsage usage = answer.getImageFilesystems(0);
    assertThat(usage.getFsId().getMountpoint()).startsWith("/");
    assertThat(usage.getTimestamp()).isPositive();
  }

  private String pull(String name, String password) {
    return cri.images()
        .pullImage(
            PullImageRequest.newBuilder()
                .setImage(Cri.imageSpec(name))
                .setAuth(AuthConfig.newBuilder().setUsername(Registry.USER).setPassword(password))
                .build())
        .getImageRef();
  }
}
