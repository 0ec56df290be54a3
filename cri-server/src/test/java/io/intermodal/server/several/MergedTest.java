package io.intermodal.server.several;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.FilesystemIdentifier;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.cri.v1.ListContainerStatsResponse;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListMetricDescriptorsResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.MetricDescriptor;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxFilter;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStateValue;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.RuntimeFeatures;
import io.intermodal.cri.v1.RuntimeHandler;
import io.intermodal.cri.v1.RuntimeStatus;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.StreamContainersResponse;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.Served;
import io.intermodal.server.cri.Until;
import io.intermodal.server.several.member.ContentKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What containerd (the default) and cri-o say as one. */
@Timeout(60)
class MergedTest {
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path folder;
  private CriOnSocket containerd;
  private CriOnSocket crio;
  private Several several;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    containerd =
        CriOnSocket.at(folder.resolve("containerd.sock"))
            .answers("ListPodSandbox", sandboxes(sandbox("p1", true, "web")))
            .answers("ListContainers", containers("c1", "c2"));
    crio =
        CriOnSocket.at(folder.resolve("cri-o.sock"))
            .answers(
                "ListPodSandbox", sandboxes(sandbox("q1", true, "web"), sandbox("q2", false, "db")))
            .answers("ListContainers", containers("d1"));
    serve();
  }

  private void serve() throws Exception {
    several = Several.in(folder).with("containerd", containerd).with("cri-o", crio);
    served = several.serve();
  }

  @AfterEach
  void stop() throws Exception {
    several.close();
    containerd.close();
    crio.close();
  }

  @Test
  void a_list_is_those_of_all_engines_the_default_first() throws Exception {
    assertThat(ids(served.call("ListPodSandbox", NOTHING))).containsExactly("p1", "q1", "q2");
  }

  @Test
  void a_filter_reaches_every_engine() throws Exception {
    byte[] request = only(PodSandboxFilter.newBuilder().setId("q1").build());

    var _ = served.call("ListPodSandbox", request).answer();

    // Beside the lists that the server asks for on its own.
    for (CriOnSocket engine : List.of(containerd, crio)) {
      assertThat(engine.seen("ListPodSandbox"))
          .anySatisfy(seen -> assertThat(seen.messages()).containsExactly(request));
    }
  }

  @Test
  void a_stream_is_the_lists_of_all_engines() throws Exception {
    List<String> ids = new ArrayList<>();
    for (byte[] piece : served.call("StreamContainers", NOTHING).rest()) {
      StreamContainersResponse.parseFrom(piece).getContainersList().stream()
          .map(Container::getId)
          .forEach(ids::add);
    }

    assertThat(ids).containsExactly("c1", "c2", "d1");
  }

  @Test
  void an_engine_that_is_away_is_listed_as_last_known_with_filters() throws Exception {
    var _ = several.knows("cri-o", ContentKind.SANDBOXES, 2);
    crio.die();

    assertThat(ids(served.call("ListPodSandbox", NOTHING))).containsExactly("p1", "q1", "q2");
    assertThat(idsWith(PodSandboxFilter.newBuilder().setId("q2").build())).contains("q2");
    assertThat(idsWith(PodSandboxFilter.newBuilder().setId("q2").build())).doesNotContain("q1");
    assertThat(
            idsWith(
                PodSandboxFilter.newBuilder()
                    .setState(
                        PodSandboxStateValue.newBuilder()
                            .setState(PodSandboxState.SANDBOX_NOTREADY))
                    .build()))
        .contains("q2")
        .doesNotContain("q1");
    assertThat(idsWith(PodSandboxFilter.newBuilder().putLabelSelector("app", "web").build()))
        .contains("q1")
        .doesNotContain("q2");
  }

  @Test
  void what_was_known_is_known_to_the_next_server_while_the_engine_is_away() throws Exception {
    var _ = several.knows("cri-o", ContentKind.SANDBOXES, 2);
    Until.holds(
        "it is written down", () -> Files.exists(folder.resolve("cri-o").resolve("sandboxes")));
    several.close();
    crio.die();

    serve();

    assertThat(ids(served.call("ListPodSandbox", NOTHING))).containsExactly("p1", "q1", "q2");
    // Whose an id is is known too: its engine is the one that fails.
    Status end =
        served
            .call(
                "StopPodSandbox",
                StopPodSandboxRequest.newBuilder().setPodSandboxId("q2").build().toByteArray())
            .end();
    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.getDescription()).startsWith("cri-o does not answer on");
    var _ = crio.start();
    var _ = several.finds("cri-o", true);
  }

  @Test
  void a_damaged_file_counts_as_none() throws Exception {
    var _ = several.knows("cri-o", ContentKind.SANDBOXES, 2);
    Path file = folder.resolve("cri-o").resolve("sandboxes");
    Until.holds("it is written down", () -> Files.exists(file));
    several.close();
    crio.die();
    Files.write(file, new byte[] {10, 99, 1});

    serve();

    assertThat(ids(served.call("ListPodSandbox", NOTHING))).containsExactly("p1");
  }

  @Test
  void a_hung_engine_costs_the_others_two_seconds_once() throws Exception {
    var _ = several.knows("cri-o", ContentKind.SANDBOXES, 2);
    crio.hangs("ListPodSandbox").hangs("Version");

    long start = System.nanoTime();
    RawCall first = served.call("ListPodSandbox", NOTHING);
    assertThat(Several.durationOf(first, start)).isLessThan(Duration.ofMillis(3500));
    assertThat(ids(first)).containsExactly("p1", "q1", "q2");

    start = System.nanoTime();
    RawCall second = served.call("ListPodSandbox", NOTHING);
    assertThat(Several.durationOf(second, start)).isLessThan(Duration.ofSeconds(1));
    assertThat(ids(second)).containsExactly("p1", "q1", "q2");
  }

  @Test
  void an_engine_whose_lists_fail_is_not_asked_without_a_pause() throws Exception {
    var _ = several.knows("cri-o", ContentKind.SANDBOXES, 2);
    crio.refuses("ListPodSandbox", Status.INTERNAL.withDescription("its database is broken"));
    crio.answers("StopPodSandbox", NOTHING);
    crio.forget();

    var _ =
        served
            .call(
                "StopPodSandbox",
                StopPodSandboxRequest.newBuilder().setPodSandboxId("q1").build().toByteArray())
            .answer();
    Until.holds("it is asked", () -> !crio.seen("ListPodSandbox").isEmpty());
    long first = System.nanoTime();
    Until.holds("it is asked again", () -> crio.seen("ListPodSandbox").size() >= 2);

    assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(several.member("cri-o").up()).isTrue();
  }

  @Test
  void a_list_that_fits_into_no_message_is_refused_and_streamed() throws Exception {
    several.close();
    several =
        Several.in(folder).withLargestMessage(8).with("containerd", containerd).with("cri-o", crio);
    served = several.serve();

    Status end = served.call("ListContainers", NOTHING).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("a message at most 8").contains("Stream");
    assertThat(served.call("StreamContainers", NOTHING).rest()).isNotEmpty();
  }

  @Test
  void figures_are_those_of_engines_that_answer() throws Exception {
    byte[] stats =
        ListContainerStatsResponse.newBuilder()
            .addStats(ContainerStats.getDefaultInstance())
            .build()
            .toByteArray();
    containerd.answers("ListContainerStats", stats);
    crio.die();

    assertThat(served.call("ListContainerStats", NOTHING).answer()).isEqualTo(stats);
  }

  @Test
  void figures_that_no_engine_has_are_an_error() throws Exception {
    Status end = served.call("ListContainerStats", NOTHING).end();

    assertThat(end.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void status_has_the_conditions_handlers_and_features_of_all() throws Exception {
    containerd.answers("Status", status(true, "", "runc"));
    crio.answers("Status", status(false, "", "crun"));

    StatusResponse answer = StatusResponse.parseFrom(served.call("Status", NOTHING).answer());

    assertThat(answer.getStatus().getConditionsList())
        .extracting(RuntimeCondition::getType)
        .containsExactly("RuntimeReady", "RuntimeReady/containerd", "RuntimeReady/cri-o");
    assertThat(answer.getRuntimeHandlersList())
        .extracting(RuntimeHandler::getName)
        .containsExactlyInAnyOrder(
            "", "containerd", "runc", "containerd/runc", "cri-o", "other", "cri-o/crun");
    assertThat(answer.getFeatures().getSupplementalGroupsPolicy()).isFalse();
  }

  @Test
  void an_engine_that_is_away_is_a_condition_that_does_not_hold() throws Exception {
    containerd.answers("Status", status(true, ""));
    crio.die();

    StatusResponse answer = StatusResponse.parseFrom(served.call("Status", NOTHING).answer());

    assertThat(answer.getStatus().getConditions(0).getType()).isEqualTo("RuntimeReady");
    assertThat(answer.getStatus().getConditions(0).getStatus()).isTrue();
    RuntimeCondition away = answer.getStatus().getConditions(2);
    assertThat(away.getType()).isEqualTo("RuntimeReady/cri-o");
    assertThat(away.getStatus()).isFalse();
    assertThat(away.getMessage()).startsWith("cri-o does not answer on");
  }

  @Test
  void without_the_default_engine_the_node_is_not_ready() throws Exception {
    crio.answers("Status", status(true, ""));
    containerd.die();

    var _ = several.finds("containerd", false).finds("cri-o", true);

    StatusResponse answer = StatusResponse.parseFrom(served.call("Status", NOTHING).answer());

    assertThat(answer.getStatus().getConditionsList())
        .filteredOn(condition -> !condition.getStatus())
        .extracting(RuntimeCondition::getType)
        .containsExactly("RuntimeReady", "NetworkReady", "RuntimeReady/containerd");
  }

  @Test
  void without_any_engine_no_feature_is_promised() throws Exception {
    crio.die();
    containerd.die();

    StatusResponse answer = StatusResponse.parseFrom(served.call("Status", NOTHING).answer());

    assertThat(answer.getFeatures().getSupplementalGroupsPolicy()).isFalse();
  }

  @Test
  void a_file_system_of_several_engines_is_told_once_the_default_engines_first() throws Exception {
    containerd.answers("ImageFsInfo", fileSystems("/a"));
    crio.answers("ImageFsInfo", fileSystems("/a", "/b"));

    ImageFsInfoResponse answer =
        ImageFsInfoResponse.parseFrom(served.call("ImageFsInfo", NOTHING).answer());

    assertThat(answer.getImageFilesystemsList())
        .extracting(usage -> usage.getFsId().getMountpoint())
        .containsExactly("/a", "/b");
  }

  @Test
  void a_metric_of_several_engines_is_described_once() throws Exception {
    containerd.answers("ListMetricDescriptors", descriptors("m1", "m2"));
    crio.answers("ListMetricDescriptors", descriptors("m2", "m3"));

    assertThat(
            ListMetricDescriptorsResponse.parseFrom(
                    served.call("ListMetricDescriptors", NOTHING).answer())
                .getDescriptorsList())
        .extracting(MetricDescriptor::getName)
        .containsExactly("m1", "m2", "m3");
  }

  @Test
  void a_configuration_is_told_to_all_and_fails_when_one_is_away() throws Exception {
    containerd.answers("UpdateRuntimeConfig", NOTHING);
    crio.answers("UpdateRuntimeConfig", NOTHING);
    byte[] request = {10, 2, 10, 0};

    var _ = served.call("UpdateRuntimeConfig", request).answer();
    assertThat(containerd.last("UpdateRuntimeConfig").messages()).containsExactly(request);
    assertThat(crio.last("UpdateRuntimeConfig").messages()).containsExactly(request);

    crio.die();
    assertThat(served.call("UpdateRuntimeConfig", request).end().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  private List<String> idsWith(PodSandboxFilter filter) throws Exception {
    return ids(served.call("ListPodSandbox", only(filter)));
  }

  private static List<String> ids(RawCall list) throws Exception {
    return ListPodSandboxResponse.parseFrom(list.answer()).getItemsList().stream()
        .map(PodSandbox::getId)
        .toList();
  }

  private static byte[] only(PodSandboxFilter filter) {
    return ListPodSandboxRequest.newBuilder().setFilter(filter).build().toByteArray();
  }

  private static PodSandbox sandbox(String id, boolean ready, String app) {
    return PodSandbox.newBuilder()
        .setId(id)
        .setState(ready ? PodSandboxState.SANDBOX_READY : PodSandboxState.SANDBOX_NOTREADY)
        .putLabels("app", app)
        .build();
  }

  private static byte[] sandboxes(PodSandbox... sandboxes) {
    return ListPodSandboxResponse.newBuilder()
        .addAllItems(List.of(sandboxes))
        .build()
        .toByteArray();
  }

  private static byte[] containers(String... ids) {
    ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
    for (String id : ids) {
      list.addContainers(Container.newBuilder().setId(id));
    }
    return list.build().toByteArray();
  }

  private static byte[] status(boolean groupsPolicy, String... handlers) {
    StatusResponse.Builder status =
        StatusResponse.newBuilder()
            .setStatus(
                RuntimeStatus.newBuilder()
                    .addConditions(
                        RuntimeCondition.newBuilder().setType("RuntimeReady").setStatus(true)))
            .setFeatures(RuntimeFeatures.newBuilder().setSupplementalGroupsPolicy(groupsPolicy));
    for (String handler : handlers) {
      status.addRuntimeHandlers(RuntimeHandler.newBuilder().setName(handler));
    }
    return status.build().toByteArray();
  }

  private static byte[] fileSystems(String... mountpoints) {
    ImageFsInfoResponse.Builder info = ImageFsInfoResponse.newBuilder();
    for (String mountpoint : mountpoints) {
      info.addImageFilesystems(
          FilesystemUsage.newBuilder()
              .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(mountpoint)));
    }
    return info.build().toByteArray();
  }

  private static byte[] descriptors(String... names) {
    ListMetricDescriptorsResponse.Builder list = ListMetricDescriptorsResponse.newBuilder();
    for (String name : names) {
      list.addDescriptors(MetricDescriptor.newBuilder().setName(name));
    }
    return list.build().toByteArray();
  }
}
