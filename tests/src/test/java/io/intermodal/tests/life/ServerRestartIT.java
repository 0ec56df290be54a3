package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.HugepageLimit;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.NotOnRkt;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.host.LogFile.Line;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server ends, well or badly, and comes back. */
@EndToEnd({EngineKind.TRANSLATED, EngineKind.TRANSLATED_RKT})
class ServerRestartIT {
  private static final int PODS = 20;
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Engine engine;

  ServerRestartIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  @Timeout(240)
  void nothing_is_lost_leaked_or_doubled_when_the_server_is_killed_while_pods_start()
      throws Exception {
    try (Node node = engine.another()) {
      var server = node.server();
      try (Cri cri = node.session()) {
        Container counting =
            cri.runPod()
                .start("i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo $i; sleep 0.01; done");
        List<PodSandboxConfig> wished = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
          wished.add(cri.podConfig().build());
        }

        CountDownLatch someRun = new CountDownLatch(PODS / 4);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
          List<Future<?>> starts = new ArrayList<>();
          for (PodSandboxConfig config : wished) {
            starts.add(
                threads.submit(() -> {
                  try {
                    var _ = cri.runPod(config);
                    someRun.countDown();
                  } catch (StatusRuntimeException e) {
                    assertThat(e.getStatus().getCode())
                        .isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
                  }
                }));
          }
          someRun.await();
          server.kill();
          for (Future<?> start : starts) {
            start.get();
          }
        }
        node.restartServer();

        // A kubelet asks again for what it did not get an answer to.
        for (PodSandboxConfig config : wished) {
          var _ = cri.runPod(config);
        }

        List<PodSandbox> pods = cri.ownPods();
        assertThat(pods)
            .extracting(pod -> pod.getMetadata().getUid())
            .containsAll(
                wished.stream()
                    .map(PodSandboxConfig::getMetadata)
                    .map(PodSandboxMetadata::getUid)
                    .toList());
        List<PodSandbox> ready =
            pods.stream().filter(p -> p.getState() == PodSandboxState.SANDBOX_READY).toList();
        assertThat(ready).extracting(PodSandbox::getMetadata).doesNotHaveDuplicates();
        assertThat(ready).hasSize(PODS + 1);
        Set<String> addresses = new TreeSet<>();
        for (PodSandbox pod : ready) {
          addresses.add(
              cri.runtime()
                  .podSandboxStatus(
                      PodSandboxStatusRequest.newBuilder().setPodSandboxId(pod.getId()).build())
                  .getStatus()
                  .getNetwork()
                  .getIp());
        }
        assertThat(addresses).hasSize(PODS + 1);
        assertThat(node.network().leases()).isEqualTo(addresses);

        counting.awaitExit();
        assertThat(counting.log().lines())
            .extracting(Line::text)
            .isEqualTo(IntStream.rangeClosed(1, 2000).mapToObj(Integer::toString).toList());
      }
      assertThat(node.network().leases()).isEmpty();
      assertThat(node.docker().api().containerIds()).isEmpty();
    }
  }

  @Test
  @Timeout(180)
  void a_server_that_is_told_to_stop_leaves_pods_running_and_finds_them_again() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      var server = node.server();
      Pod pod = cri.runPod();
      Container container = pod.startIdle();
      HostProcess process = container.process();
      var before = pod.status();

      assertThat(server.terminate()).isZero();
      assertThat(process.running()).isTrue();
      assertThat(server.socket()).doesNotExist();
      node.restartServer();

      assertThat(pod.status()).isEqualTo(before);
      assertThat(container.output("echo still here")).isEqualTo("still here");
    }
  }

  @Test
  @Timeout(180)
  void a_server_that_is_told_to_stop_takes_the_commands_of_its_clients_along() throws Exception {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      var server = node.server();
      Container container = cri.runPod().startIdle();
      int before = HostProcess.ofContainer(container.id()).size();
      List<String> command = List.of("/bin/sh", "-c", "echo here; sleep 3600");
      try (CommandSession session =
          Transport.SPDY_V4.open(container.execUrl(Streams.OUTPUT, command), Streams.OUTPUT)) {
        assertThat(session.stdout().readNBytes("here\n".length())).asString().isEqualTo("here\n");

        assertThat(server.terminate()).isZero();

        Await.until(
            "only the container's own processes are left",
            SOON,
            () -> HostProcess.ofContainer(container.id()).size() <= before);
      }
      node.restartServer();
    }
  }

  @Test
  @Timeout(240)
  @NotOnRkt("mounts no images")
  void image_volumes_are_kept_for_who_uses_them_and_given_up_when_nobody_does() throws Exception {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      var server = node.server();
      String image = cri.pull(cri.testImages().layered().byTag());
      cri.removeImageAtEnd(image);
      Mount mount =
          Mount.newBuilder()
              .setContainerPath("/model")
              .setReadonly(true)
              .setImage(Cri.imageSpec(image))
              .build();
      Pod pod = cri.runPod();
      Container container = pod.startIdle(config -> config.addMounts(mount));

      server.kill();
      node.restartServer();
      assertThat(container.output("cat /model/data/both")).isEqualTo("up");
      assertThat(container.status().getMounts(0).getImage().getImage()).isEqualTo(image);
      Container second = pod.startIdle(config -> config.addMounts(mount));
      assertThat(second.output("cat /model/data/low")).isEqualTo("low");

      server.kill();
      node.docker().api().delete("/containers/" + container.id() + "?force=1");
      node.docker().api().delete("/containers/" + second.id() + "?force=1");
      node.restartServer();

      cri.removeImage(image);
      assertThat(cri.image(image)).isEmpty();
      assertThat(new HostProcess(ProcessHandle.current().pid()).mounts())
          .noneMatch(line -> line.contains(node.folder() + "/state/"));
    }
  }

  @Test
  @Timeout(180)
  @NotOnRkt("has no limits of huge pages")
  void limits_that_docker_does_not_keep_are_told_as_changed_after_a_restart() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      HugepageLimit changed = HugepageLimit.newBuilder().setPageSize("2MB").setLimit(4096).build();
      Container container = cri.runPod().startIdle();
      var _ =
          cri.runtime()
              .updateContainerResources(
                  UpdateContainerResourcesRequest.newBuilder()
                      .setContainerId(container.id())
                      .setLinux(
                          LinuxContainerResources.newBuilder()
                              .setMemoryLimitInBytes(64 << 20)
                              .addHugepageLimits(changed))
                      .build());

      node.server().kill();
      node.restartServer();

      LinuxContainerResources said = container.status().getResources().getLinux();
      assertThat(said.getMemoryLimitInBytes()).isEqualTo(64 << 20);
      assertThat(said.getHugepageLimitsList()).containsExactly(changed);
    }
  }

  @Test
  @Timeout(180)
  void status_follows_docker_within_5_seconds_and_lists_do_not_shrink_meanwhile() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      var docker = node.docker();
      Pod pod = cri.runPod();
      Container container = pod.startIdle();
      HostProcess process = container.process();

      docker.stop();
      node.awaitReady(false, Duration.ofSeconds(5));
      assertThat(cri.ownPods()).extracting(PodSandbox::getId).containsExactly(pod.id());
      assertThat(cri.containerIds()).containsExactly(container.id());

      docker.startAgain();
      node.awaitReady(true, Duration.ofSeconds(5));
      assertThat(cri.ownPods()).extracting(PodSandbox::getId).containsExactly(pod.id());
      assertThat(process.running()).isTrue();
      Await.until(
          "the container can be used again", SOON, () -> container.exec("true").getExitCode() == 0);
    }
  }
}
