package io.intermodal.server.several;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.Served;
import io.intermodal.server.several.member.ContentKind;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists of an engine that died before it could be asked for what it had just made. */
@Timeout(60)
class MadeBeforeAwayTest {
  private static final byte[] NOTHING = new byte[0];
  private static final PodSandboxMetadata POD =
      PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop").setUid("u1").build();

  @TempDir Path folder;
  private CriOnSocket containerd;
  private Several several;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    containerd =
        CriOnSocket.at(folder.resolve("containerd.sock"))
            .answers("ListPodSandbox", NOTHING)
            .answers("ListContainers", NOTHING)
            .answers(
                "RunPodSandbox",
                RunPodSandboxResponse.newBuilder().setPodSandboxId("s1").build().toByteArray())
            .answers(
                "CreateContainer",
                CreateContainerResponse.newBuilder().setContainerId("k1").build().toByteArray())
            .answers("StartContainer", NOTHING)
            .answers("StopPodSandbox", NOTHING)
            .answers("RemovePodSandbox", NOTHING);
    serve();
    var _ =
        several
            .knows("containerd", ContentKind.SANDBOXES, 0)
            .knows("containerd", ContentKind.CONTAINERS, 0);
    containerd.hangs("ListPodSandbox").hangs("ListContainers");
  }

  private void serve() throws Exception {
    several = Several.in(folder).with("containerd", containerd);
    served = several.serve();
  }

  @AfterEach
  void stop() throws Exception {
    several.close();
    containerd.close();
  }

  @Test
  void a_pod_is_listed_as_it_was_asked_for() throws Exception {
    run();
    containerd.die();

    assertThat(sandboxes().getItemsList()).singleElement().satisfies(this::isThePod);
    assertThat(containers().getContainersList())
        .singleElement()
        .satisfies(container -> {
          assertThat(container.getId()).isEqualTo("k1");
          assertThat(container.getPodSandboxId()).isEqualTo("s1");
          assertThat(container.getMetadata().getName()).isEqualTo("nginx");
          assertThat(container.getImage().getImage()).isEqualTo("example/nginx:1");
          assertThat(container.getLabelsMap()).containsEntry("tier", "front");
          assertThat(container.getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
        });
  }

  private void isThePod(PodSandbox pod) {
    assertThat(pod.getId()).isEqualTo("s1");
    assertThat(pod.getMetadata()).isEqualTo(POD);
    assertThat(pod.getLabelsMap()).containsEntry("app", "web");
    assertThat(pod.getAnnotationsMap()).containsEntry("note", "first");
    assertThat(pod.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(pod.getCreatedAt()).isPositive();
  }

  @Test
  void the_next_server_lists_it_too() throws Exception {
    run();
    containerd.die();
    several.finds("containerd", false).close();
    serve();

    assertThat(sandboxes().getItemsList()).singleElement().satisfies(this::isThePod);
  }

  @Test
  void a_pod_that_was_stopped_is_not_ready() throws Exception {
    run();
    var _ =
        served
            .call(
                "StopPodSandbox",
                StopPodSandboxRequest.newBuilder().setPodSandboxId("s1").build().toByteArray())
            .answer();
    containerd.die();

    assertThat(sandboxes().getItemsList())
        .extracting(PodSandbox::getState)
        .containsExactly(PodSandboxState.SANDBOX_NOTREADY);
  }

  @Test
  void a_pod_that_was_removed_is_not_listed() throws Exception {
    run();
    var _ =
        served
            .call(
                "RemovePodSandbox",
                RemovePodSandboxRequest.newBuilder().setPodSandboxId("s1").build().toByteArray())
            .answer();
    containerd.die();

    assertThat(sandboxes().getItemsList()).isEmpty();
  }

  @Test
  void a_pod_that_somebody_else_removed_is_not_listed() throws Exception {
    run();
    containerd.answers("ListPodSandbox", NOTHING);
    assertThat(sandboxes().getItemsList()).isEmpty();
    containerd.die();

    assertThat(sandboxes().getItemsList()).isEmpty();
  }

  @Test
  void a_pod_that_was_listed_since_is_listed_once() throws Exception {
    run();
    containerd.answers(
        "ListPodSandbox",
        ListPodSandboxResponse.newBuilder()
            .addItems(PodSandbox.newBuilder().setId("s1"))
            .build()
            .toByteArray());
    var _ = sandboxes();
    containerd.die();

    assertThat(sandboxes().getItemsList()).extracting(PodSandbox::getId).containsExactly("s1");
  }

  @Test
  void what_could_not_be_made_is_not_listed() throws Exception {
    containerd.refuses("RunPodSandbox", Status.UNKNOWN.withDescription("no network"));
    var _ = served.call("RunPodSandbox", pod()).end();
    containerd.die();

    assertThat(sandboxes().getItemsList()).isEmpty();
  }

  private static byte[] pod() {
    return RunPodSandboxRequest.newBuilder()
        .setConfig(
            PodSandboxConfig.newBuilder()
                .setMetadata(POD)
                .putLabels("app", "web")
                .putAnnotations("note", "first"))
        .build()
        .toByteArray();
  }

  private void run() throws Exception {
    var _ = served.call("RunPodSandbox", pod()).answer();
    byte[] container =
        CreateContainerRequest.newBuilder()
            .setPodSandboxId("s1")
            .setConfig(
                ContainerConfig.newBuilder()
                    .setMetadata(ContainerMetadata.newBuilder().setName("nginx"))
                    .setImage(ImageSpec.newBuilder().setImage("example/nginx:1"))
                    .putLabels("tier", "front"))
            .build()
            .toByteArray();
    var _ = served.call("CreateContainer", container).answer();
    var _ =
        served
            .call(
                "StartContainer",
                StartContainerRequest.newBuilder().setContainerId("k1").build().toByteArray())
            .answer();
  }

  private ListPodSandboxResponse sandboxes() throws Exception {
    return ListPodSandboxResponse.parseFrom(served.call("ListPodSandbox", NOTHING).answer());
  }

  private ListContainersResponse containers() throws Exception {
    return ListContainersResponse.parseFrom(served.call("ListContainers", NOTHING).answer());
  }
}
