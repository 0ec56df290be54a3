package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.KeyValue;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.host.Cgroups;
import io.intermodal.tests.host.LogFile.Line;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is odd about rkt, not seen through us. */
@EnabledIfSystemProperty(
    named = "intermodal.tests.rkt",
    matches = ".+",
    disabledReason = "no rkt was named with -Dintermodal.tests.rkt")
@Timeout(300)
@EndToEnd(EngineKind.TRANSLATED_RKT)
class RktIT {
  private final Cri cri;

  RktIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  void it_is_named_as_the_engine_that_serves() {
    assertThat(cri.runtime().version(VersionRequest.getDefaultInstance()).getRuntimeName())
        .isEqualTo("rkt");
  }

  @Test
  void nothing_is_lost_of_what_short_lived_containers_say_without_an_end() {
    Pod pod = cri.runPod();
    for (int i = 0; i < 10; i++) {
      Container container = pod.start("printf 'one\\ntwo'");
      var _ = container.awaitExit();

      assertThat(container.log().lines()).extracting(Line::text).containsExactly("one", "two");
    }
  }

  @Test
  void a_signal_is_no_exit_code() {
    Pod pod = cri.runPod();

    assertThat(pod.start("kill -9 $$").awaitExit().getExitCode()).isEqualTo(137);
    assertThat(pod.start("exit 9").awaitExit().getExitCode()).isEqualTo(9);
  }

  @Test
  void arguments_and_variables_arrive_as_they_are() {
    List<String> words = List.of("100%n", "a\\b", "\"'", "$HOME", "two\nlines", "-x", "--", "*");
    Container container =
        cri.runPod()
            .start(
                "printf '<%s>' \"$V\" \"$@\"",
                config ->
                    config
                        .addArgs("sh")
                        .addAllArgs(words)
                        .addEnvs(
                            KeyValue.newBuilder()
                                .setKey("V")
                                .setValue(ByteString.copyFromUtf8("a\\b\n\"$c\""))));
    var _ = container.awaitExit();

    assertThat(container.log().output("stdout"))
        .isEqualTo(
            "<a\\b\n\"$c\">"
                + words.stream().map("<%s>"::formatted).reduce("", String::concat)
                + "\n");
  }

  @Test
  void containers_live_below_the_cgroup_asked_for() {
    String parent = "/im-e2e-" + UUID.randomUUID();
    Container container =
        cri.runPod(
                config -> {
                  config.getLinuxBuilder().setCgroupParent(parent);
                  return config;
                })
            .startIdle();

    for (String controller : List.of("cpu", "memory", "pids")) {
      assertThat(container.process().cgroupPath(Cgroups.unified() ? "" : controller).orElseThrow())
          .startsWith(parent + "/");
    }
  }

  @Test
  void what_rkt_adds_half_way_is_no_container_and_its_pod_can_be_removed() {
    Pod pod = cri.runPod();

    assertThatThrownBy(() ->
            pod.create(
                cri.shell("true")
                    .addMounts(
                        Mount.newBuilder()
                            .setHostPath("/proc/version/none")
                            .setContainerPath("/mnt"))))
        .isInstanceOf(RuntimeException.class);

    assertThat(pod.start("exit 0").awaitExit().getExitCode()).isZero();
    pod.remove();
  }

  @Test
  void a_container_killed_for_want_of_memory_says_so() {
    ContainerStatus status =
        cri.runPod()
            .start(
                "dd if=/dev/zero of=/dev/null bs=64M",
                config -> {
                  config.getLinuxBuilder().getResourcesBuilder().setMemoryLimitInBytes(16 << 20);
                  return config;
                })
            .awaitExit();

    assertThat(status.getReason()).isEqualTo("OOMKilled");
    assertThat(status.getExitCode()).isEqualTo(137);
  }
}
