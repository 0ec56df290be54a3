package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.cri.v1.ContainerEventType;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RuntimeConfigRequest;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Events;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is odd about CRI-O, seen through us. */
@EnabledIfSystemProperty(
    named = "intermodal.tests.crio",
    matches = ".+",
    disabledReason = "no CRI-O was named with -Dintermodal.tests.crio")
@Timeout(120)
@EndToEnd(EngineKind.FORWARDED_CRIO)
class CrioIT {
  private static final String GONE = "a".repeat(64);

  private final Cri cri;

  CrioIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  void it_is_named_as_the_engine_that_serves() {
    assertThat(cri.runtime().version(VersionRequest.getDefaultInstance()).getRuntimeName())
        .isEqualTo("cri-o");
  }

  @Test
  void an_image_is_found_by_its_id_with_and_without_the_digests_name() {
    Pod pod = cri.runPod();
    pod.pull(cri.testImages().busybox().byTag());
    String id = cri.testImages().busybox().id();
    String bare = id.substring(id.indexOf(':') + 1);

    assertThat(idOf(id)).endsWith(bare);
    assertThat(idOf(bare)).endsWith(bare);
  }

  private String idOf(String image) {
    return cri.images()
        .imageStatus(
            ImageStatusRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(image))
                .build())
        .getImage()
        .getId();
  }

  @Test
  void a_sandbox_that_is_gone_is_stopped_and_removed() {
    var _ =
        cri.runtime()
            .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(GONE).build());
    var _ =
        cri.runtime()
            .removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(GONE).build());
  }

  @Test
  void its_cgroup_driver_is_told() {
    assertThat(
            cri.runtime()
                .runtimeConfig(RuntimeConfigRequest.getDefaultInstance())
                .getLinux()
                .getCgroupDriver())
        .isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void its_events_reach_every_reader() {
    try (Events one = cri.unconfirmedEvents();
        Events other = cri.unconfirmedEvents()) {
      assertThat(one.areTold(cri::runPod)).isTrue();
      assertThat(other.areTold(cri::runPod)).isTrue();

      Container container = cri.runPod().startIdle();
      container.stop(0);

      var _ = one.await(container.id(), ContainerEventType.CONTAINER_STOPPED_EVENT);
      var _ = other.await(container.id(), ContainerEventType.CONTAINER_STOPPED_EVENT);
    }
  }
}
