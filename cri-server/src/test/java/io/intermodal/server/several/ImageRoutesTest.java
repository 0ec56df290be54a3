package io.intermodal.server.several;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.Served;
import io.intermodal.server.several.member.ContentKind;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images on containerd (the default) and cri-o. */
@Timeout(60)
class ImageRoutesTest {
  private static final byte[] NOTHING = new byte[0];
  private static final PodSandboxMetadata POD =
      PodSandboxMetadata.newBuilder().setUid("u1").setName("web").setNamespace("default").build();

  @TempDir Path folder;
  private CriOnSocket containerd;
  private CriOnSocket crio;
  private Several several;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    containerd = engine("containerd");
    crio =
        engine("cri-o")
            .answers(
                "ListPodSandbox",
                ListPodSandboxResponse.newBuilder()
                    .addItems(PodSandbox.newBuilder().setId("q1").setMetadata(POD))
                    .build()
                    .toByteArray())
            .answers(
                "ListImages",
                ListImagesResponse.newBuilder()
                    .addImages(Image.newBuilder().setId("i1").addRepoTags("app:1"))
                    .build()
                    .toByteArray());
    several = Several.in(folder).with("containerd", containerd).with("cri-o", crio);
    served = several.serve();
    var _ = several.knows("cri-o", ContentKind.IMAGES, 1);
  }

  /** Has no image and can pull all. */
  private CriOnSocket engine(String name) throws Exception {
    return CriOnSocket.at(folder.resolve(name + ".sock"))
        .answers("ImageStatus", NOTHING)
        .answers("PullImage", NOTHING)
        .answers("RemoveImage", NOTHING);
  }

  @AfterEach
  void stop() throws Exception {
    several.close();
    containerd.close();
    crio.close();
  }

  @Test
  void a_pull_goes_to_the_engine_of_its_handler() throws Exception {
    var _ = served.call("PullImage", pull(image("other")).build().toByteArray()).answer();
    var _ = served.call("PullImage", pull(image("containerd/kata")).build().toByteArray()).answer();

    assertThat(PullImageRequest.parseFrom(crio.last("PullImage").messages().getFirst()))
        .isEqualTo(pull(image("")).build());
    assertThat(PullImageRequest.parseFrom(containerd.last("PullImage").messages().getFirst()))
        .isEqualTo(pull(image("kata")).build());
  }

  @Test
  void a_pull_without_one_goes_to_the_engine_of_its_pod() throws Exception {
    byte[] request =
        pull(image(""))
            .setSandboxConfig(PodSandboxConfig.newBuilder().setMetadata(POD))
            .build()
            .toByteArray();

    var _ = served.call("PullImage", request).answer();

    assertThat(crio.last("PullImage").messages()).containsExactly(request);
    assertThat(containerd.seen("PullImage")).isEmpty();
  }

  @Test
  void a_pull_that_names_nothing_goes_to_the_default_engine() throws Exception {
    var _ = served.call("PullImage", pull(image("")).build().toByteArray()).answer();

    assertThat(containerd.seen("PullImage")).hasSize(1);
    assertThat(crio.seen("PullImage")).isEmpty();
  }

  @Test
  void the_status_of_an_image_is_the_one_of_the_engine_that_has_it() throws Exception {
    crio.answers("ImageStatus", found());

    assertThat(served.call("ImageStatus", status("")).answer()).isEqualTo(found());
    assertThat(served.call("ImageStatus", status("containerd")).answer()).isEmpty();
  }

  @Test
  void an_image_that_no_engine_has_is_missing() throws Exception {
    assertThat(served.call("ImageStatus", status("")).answer()).isEmpty();
  }

  @Test
  void an_engine_that_is_away_counts_only_where_it_is_known_to_have_the_image() throws Exception {
    crio.die();
    var _ = several.finds("cri-o", false);

    Status known = served.call("ImageStatus", status("")).end();
    byte[] other =
        ImageStatusRequest.newBuilder()
            .setImage(ImageSpec.newBuilder().setImage("app:2"))
            .build()
            .toByteArray();

    assertThat(known.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(known.getDescription()).startsWith("cri-o does not answer on");
    assertThat(served.call("ImageStatus", other).answer()).isEmpty();
  }

  @Test
  void a_hung_engine_costs_an_image_of_another_one_its_patience_once() throws Exception {
    containerd.answers("ImageStatus", found());
    crio.hangs("ImageStatus").hangs("Version");
    var _ = served.call("ImageStatus", status("")).answer();

    long start = System.nanoTime();
    RawCall second = served.call("ImageStatus", status(""));

    assertThat(Several.durationOf(second, start)).isLessThan(Duration.ofSeconds(1));
    assertThat(second.answer()).isEqualTo(found());
  }

  @Test
  void an_image_is_removed_from_each_engine_that_has_it() throws Exception {
    containerd.answers("ImageStatus", found());
    crio.answers("ImageStatus", found());

    var _ = served.call("RemoveImage", remove()).answer();

    assertThat(containerd.last("RemoveImage").messages()).containsExactly(remove());
    assertThat(crio.last("RemoveImage").messages()).containsExactly(remove());
  }

  @Test
  void an_image_that_is_nowhere_is_removed_without_asking_for_it() throws Exception {
    assertThat(served.call("RemoveImage", remove()).answer()).isEmpty();

    assertThat(containerd.seen("RemoveImage")).isEmpty();
  }

  @Test
  void one_engine_that_cannot_remove_it_fails_it_after_the_others_have() throws Exception {
    containerd
        .answers("ImageStatus", found())
        .refuses("RemoveImage", Status.FAILED_PRECONDITION.withDescription("in use"));
    crio.answers("ImageStatus", found());

    Status end = served.call("RemoveImage", remove()).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(end.getDescription()).isEqualTo("in use");
    assertThat(crio.seen("RemoveImage")).hasSize(1);
  }

  private static ImageSpec image(String handler) {
    return ImageSpec.newBuilder().setImage("app:1").setRuntimeHandler(handler).build();
  }

  private static PullImageRequest.Builder pull(ImageSpec image) {
    return PullImageRequest.newBuilder().setImage(image);
  }

  private static byte[] status(String handler) {
    return ImageStatusRequest.newBuilder().setImage(image(handler)).build().toByteArray();
  }

  private static byte[] remove() {
    return RemoveImageRequest.newBuilder().setImage(image("")).build().toByteArray();
  }

  private static byte[] found() {
    return ImageStatusResponse.newBuilder()
        .setImage(Image.newBuilder().setId("i1"))
        .build()
        .toByteArray();
  }
}
