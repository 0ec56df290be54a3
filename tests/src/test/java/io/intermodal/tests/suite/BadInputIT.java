package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.OnlyTranslated;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot be done is refused with a code and a text, and the server goes on. */
@EndToEnd
class BadInputIT {
  private final Cri cri;

  BadInputIT(Cri cri) {
    this.cri = cri;
  }

  @AfterEach
  void the_server_still_answers() {
    assertThat(cri.runtime().version(VersionRequest.getDefaultInstance()).getRuntimeName())
        .isNotEmpty();
  }

  @Test
  @OnlyTranslated("calls bad input an unknown error")
  void a_pod_without_metadata_is_an_invalid_argument() {
    refused(
        () -> cri.runPod(config -> config.clearMetadata()),
        "metadata",
        Status.Code.INVALID_ARGUMENT);
  }

  @Test
  @OnlyTranslated("accepts a pod without a name")
  void a_pod_without_a_name_or_a_uid_is_an_invalid_argument() {
    refused(
        () -> cri.runPod(config -> config.setMetadata(PodSandboxMetadata.newBuilder())),
        "metadata",
        Status.Code.INVALID_ARGUMENT);
  }

  @Test
  @OnlyTranslated("calls bad input an unknown error")
  void a_request_without_a_configuration_is_an_invalid_argument() {
    refused(
        () -> cri.runtime().runPodSandbox(RunPodSandboxRequest.getDefaultInstance()),
        "metadata",
        Status.Code.INVALID_ARGUMENT);
  }

  @Test
  @OnlyTranslated("calls bad input an unknown error")
  void a_container_without_metadata_is_an_invalid_argument() {
    Pod pod = cri.runPod();
    refused(
        () -> pod.create(cri.shell("true").clearMetadata()),
        "metadata",
        Status.Code.INVALID_ARGUMENT);
  }

  @Test
  @OnlyTranslated("does not name what it did not find")
  void the_status_of_an_unknown_pod_is_not_found() {
    refused(
        () ->
            cri.runtime()
                .podSandboxStatus(
                    PodSandboxStatusRequest.newBuilder().setPodSandboxId("no-such-pod").build()),
        "no-such-pod",
        Status.Code.NOT_FOUND);
  }

  @Test
  void a_container_in_an_unknown_pod_is_not_found() {
    ContainerConfig.Builder config = cri.shell("true");
    refused(
        () ->
            cri.runtime()
                .createContainer(
                    CreateContainerRequest.newBuilder()
                        .setPodSandboxId("no-such-pod")
                        .setSandboxConfig(cri.podConfig())
                        .setConfig(config)
                        .build()),
        "no-such-pod",
        Status.Code.NOT_FOUND);
  }

  @Test
  @OnlyTranslated("refuses with another code")
  void a_container_in_a_stopped_pod_is_refused() {
    Pod pod = cri.runPod();
    pod.stop();
    refused(
        () -> pod.create(cri.shell("true")),
        pod.id().substring(0, 12),
        Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void a_container_of_an_image_that_is_not_there_is_not_found() {
    Pod pod = cri.runPod();
    String missing = cri.testImages().missing();
    refused(
        () -> pod.create(cri.shell("true").setImage(Cri.imageSpec(missing))),
        missing,
        Status.Code.NOT_FOUND);
  }

  @Test
  @OnlyTranslated("accepts a mount without a path")
  void a_mount_without_a_path_in_the_container_is_an_invalid_argument() {
    Pod pod = cri.runPod();
    refused(
        () -> pod.create(cri.shell("true").addMounts(Mount.newBuilder().setHostPath("/tmp"))),
        "mount",
        Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void a_request_of_20_mebibytes_is_refused_and_harms_nobody() {
    PodSandboxConfig config = cri.podConfig().putAnnotations("big", "x".repeat(20 << 20)).build();
    assertThatThrownBy(() -> cri.runPod(config))
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED, Status.Code.UNKNOWN);
    assertThat(cri.runPod().ready()).isTrue();
  }

  @Test
  void an_unsafe_sysctl_of_the_hosts_is_refused_and_leaves_nothing() {
    refused(
        () ->
            cri.runPod(config -> {
              config.getLinuxBuilder().putSysctls("kernel.no_such_sysctl", "1");
              return config;
            }),
        "kernel.no_such_sysctl",
        Status.Code.INVALID_ARGUMENT,
        Status.Code.UNKNOWN,
        Status.Code.FAILED_PRECONDITION,
        Status.Code.INTERNAL);
    assertThat(cri.ownPods()).isEmpty();
  }

  private static void refused(ThrowingCallable call, String text, Status.Code... codes) {
    assertThatThrownBy(call)
        .hasMessageContaining(text)
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isIn((Object[]) codes);
  }
}
