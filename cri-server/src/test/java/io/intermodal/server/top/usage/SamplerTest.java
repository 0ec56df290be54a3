package io.intermodal.server.top.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.grpc.ServedScript;
import io.intermodal.server.top.ScriptedStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerTest {
  private static final PodFilter ALL = new PodFilter(Optional.empty(), Optional.empty());

  @TempDir Path folder;

  @Test
  void a_pod_has_what_the_server_says_about_it_and_a_container_what_stands_in_the_pod()
      throws IOException {
    List<Pod<Usage>> pods = second(new ScriptedStatistics(true), ALL);

    Usage busy = pods.getFirst().known();
    assertThat(pods).extracting(Pod::name).containsExactly("busy", "idle");
    assertThat(busy.cores()).hasValue(0.25);
    assertThat(busy.memory()).hasValue(2 << 20);
    assertThat(busy.received()).hasValue(2048);
    assertThat(busy.sent()).hasValue(0);
    assertThat(busy.processes()).hasValue(2);
    assertThat(pods.getFirst().containers().getFirst().known().memory()).hasValue(1 << 20);
  }

  @Test
  void a_limit_is_what_is_used_and_what_is_left_and_nothing_left_is_no_limit() throws IOException {
    List<Pod<Usage>> pods = second(new ScriptedStatistics(true), ALL);

    assertThat(pods.get(0).containers().getFirst().known().limit()).hasValue(64 << 20);
    assertThat(pods.get(1).containers().getFirst().known().limit()).isEmpty();
  }

  @Test
  void a_server_without_pods_statistics_is_asked_for_those_of_containers() throws IOException {
    Usage busy = second(new ScriptedStatistics(false), ALL).getFirst().known();

    assertThat(busy.cores()).hasValue(0.25);
    assertThat(busy.memory()).hasValue(1 << 20);
    assertThat(busy.writableLayer()).hasValue(1024);
    assertThat(busy.received()).isEmpty();
  }

  @Test
  void a_server_that_says_so_in_words_only_is_one_without_them_too() throws IOException {
    ScriptedStatistics old =
        new ScriptedStatistics(false) {
          @Override
          public ListPodSandboxStatsResponse listPodSandboxStats(
              ListPodSandboxStatsRequest request, Call call) {
            throw new CriException(CriException.Code.UNKNOWN, "not implemented yet");
          }
        };

    assertThat(second(old, ALL).getFirst().known().cores()).hasValue(0.25);
  }

  @Test
  void any_other_failure_is_told() {
    ScriptedStatistics failing =
        new ScriptedStatistics(true) {
          @Override
          public ListPodSandboxStatsResponse listPodSandboxStats(
              ListPodSandboxStatsRequest request, Call call) {
            throw new CriException(CriException.Code.UNAVAILABLE, "the engine is away");
          }
        };

    assertThatExceptionOfType(CriException.class)
        .isThrownBy(() -> second(failing, ALL))
        .withMessage("ListPodSandboxStats: UNAVAILABLE: the engine is away");
  }

  @Test
  void a_filter_leaves_pods_out() throws IOException {
    PodFilter system = new PodFilter(Optional.of("kube-system"), Optional.empty());

    assertThat(second(new ScriptedStatistics(true), system))
        .extracting(Pod::name)
        .containsExactly("idle");
  }

  @Test
  void a_name_is_enough_of_it() throws IOException {
    PodFilter part = new PodFilter(Optional.empty(), Optional.of("us"));

    assertThat(second(new ScriptedStatistics(true), part))
        .extracting(Pod::name)
        .containsExactly("busy");
  }

  private List<Pod<Usage>> second(EngineConnection.Translating engine, PodFilter filter)
      throws IOException {
    Path socket = folder.resolve("s");
    try (var _ = ServedScript.at(socket, engine);
        CriClient cri = new CriClient(socket)) {
      Sampler sampler = new Sampler(cri, filter);
      var _ = sampler.sample();
      return sampler.sample();
    }
  }
}
