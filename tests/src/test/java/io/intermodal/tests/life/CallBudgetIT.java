package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.ContainerStatsRequest;
import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListMetricDescriptorsRequest;
import io.intermodal.cri.v1.ListPodSandboxMetricsRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.PodSandboxFilter;
import io.intermodal.cri.v1.PodSandboxStatsRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.RecordingProxy;
import io.intermodal.tests.engine.RecordingProxy.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The number of calls to Docker that a call of CRI costs, counted on the wire between them. */
@EndToEnd(EngineKind.TRANSLATED)
class CallBudgetIT {
  private final Engine engine;

  CallBudgetIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  void a_pod_costs_3_calls_a_container_1_its_start_1_and_a_log_stream_and_a_look_nothing() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      var proxy = node.proxy();
      var config = cri.shell("while :; do sleep 1; done");
      cri.runPod().remove();

      proxy.clear();
      Pod pod = cri.runPod();
      assertThat(asked(proxy)).as("RunPodSandbox").hasSizeLessThanOrEqualTo(3);

      proxy.clear();
      Container container = pod.create(config);
      assertThat(asked(proxy)).as("CreateContainer").hasSize(1);

      proxy.clear();
      container.start();
      assertThat(asked(proxy))
          .as("StartContainer")
          .filteredOn(request -> !isLogStream(request))
          .hasSize(1);

      for (int i = 0; i < 2; i++) {
        pod.status();
        container.status();
      }
      proxy.clear();
      for (int i = 0; i < 5; i++) {
        pod.status();
        container.status();
        var _ = cri.podIds(PodSandboxFilter.getDefaultInstance());
        var _ = cri.runtime().listContainers(ListContainersRequest.getDefaultInstance());
        statistics(cri, pod, container);
      }
      assertThat(asked(proxy)).as("lists, statuses and statistics").isEqualTo(List.of());
    }
  }

  private static void statistics(Cri cri, Pod pod, Container container) {
    var runtime = cri.runtime();
    var _ =
        runtime.containerStats(
            ContainerStatsRequest.newBuilder().setContainerId(container.id()).build());
    var _ =
        runtime.podSandboxStats(
            PodSandboxStatsRequest.newBuilder().setPodSandboxId(pod.id()).build());
    assertThat(
            runtime
                .listContainerStats(ListContainerStatsRequest.getDefaultInstance())
                .getStatsList())
        .hasSize(1);
    assertThat(
            runtime
                .listPodSandboxStats(ListPodSandboxStatsRequest.getDefaultInstance())
                .getStatsList())
        .hasSize(1);
    var _ = runtime.listMetricDescriptors(ListMetricDescriptorsRequest.getDefaultInstance());
    var _ = runtime.listPodSandboxMetrics(ListPodSandboxMetricsRequest.getDefaultInstance());
    var _ = cri.images().imageFsInfo(ImageFsInfoRequest.getDefaultInstance());
  }

  /** All but the server's heartbeat, which goes on whatever is asked of it. */
  private static List<Request> asked(RecordingProxy proxy) {
    return proxy.requests().stream().filter(request -> !request.path().endsWith("/_ping")).toList();
  }

  private static boolean isLogStream(Request request) {
    return request.path().contains("/logs?") || request.path().contains("/attach?");
  }
}
