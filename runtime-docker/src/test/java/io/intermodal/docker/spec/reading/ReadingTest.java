package io.intermodal.docker.spec.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.LinuxContainerUser;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.cri.v1.Signal;
import io.intermodal.docker.spec.PodPlace;
import io.intermodal.docker.spec.Requested;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTest {
  private static final String NEVER = "0001-01-01T00:00:00Z";
  private static final long CREATED = 1_000_000_000_000_000_001L;

  @Test
  void aRunningContainerTellsItsStatus() {
    ContainerReading reading =
        ContainerReading.of(
                Requested.inspected(
                    """
                    {'Id':'c1','Name':'/k8s_c_web_shop_7d_1','Created':'2001-09-09T01:46:40.000000001Z',
                     'Image':'sha256:1',
                     'State':{'Status':'running','Running':true,'Pid':4711,'ExitCode':0,'OOMKilled':false,
                       'StartedAt':'2001-09-09T03:46:41+02:00','FinishedAt':'0001-01-01T00:00:00Z'},
                     'HostConfig':{'Memory':1024,'MemorySwap':1024,'CpuShares':512,'CgroupParent':'/pod',
                       'GroupAdd':['4000','video'],'OomScoreAdj':5},
                     'Config':{'Image':'sha256:1','User':'1000:3000','Tty':true,'OpenStdin':true,'StopSignal':'SIGQUIT',
                       'Labels':{'io.kubernetes.docker.type':'container','io.kubernetes.sandbox.id':'5a',
                         'io.kubernetes.container.logpath':'/l/0.log','io.intermodal.image':'busybox',
                         'io.intermodal.image.user-specified':'busybox:1','annotation.x':'y','app':'web',
                         'io.intermodal.cgroup.memory.oom.group':'1'}}}
                    """))
            .orElseThrow();
    ContainerStatus status = reading.status().build();

    assertThat(status.getId()).isEqualTo("c1");
    assertThat(status.getMetadata())
        .isEqualTo(ContainerMetadata.newBuilder().setName("c").setAttempt(1).build());
    assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    assertThat(status.getCreatedAt()).isEqualTo(CREATED);
    assertThat(status.getStartedAt()).isEqualTo(1_000_000_001_000_000_000L);
    assertThat(status.getFinishedAt()).isZero();
    assertThat(status.getImage())
        .isEqualTo(
            ImageSpec.newBuilder().setImage("busybox").setUserSpecifiedImage("busybox:1").build());
    assertThat(status.getImageId()).isEqualTo("sha256:1");
    assertThat(status.getImageRef()).isEqualTo("sha256:1");
    assertThat(status.getLabelsMap()).containsExactly(Map.entry("app", "web"));
    assertThat(status.getAnnotationsMap()).containsExactly(Map.entry("x", "y"));
    assertThat(status.getLogPath()).isEqualTo("/l/0.log");
    assertThat(status.getStopSignal()).isEqualTo(Signal.SIGNAL_SIGQUIT);
    assertThat(status.getUser().getLinux())
        .isEqualTo(
            LinuxContainerUser.newBuilder()
                .setUid(1000)
                .setGid(3000)
                .addSupplementalGroups(4000)
                .build());
    assertThat(status.getResources().getLinux().getMemoryLimitInBytes()).isEqualTo(1024);
    assertThat(status.getResources().getLinux().getCpuShares()).isEqualTo(512);
    assertThat(status.getResources().getLinux().getUnifiedMap())
        .containsExactly(Map.entry("memory.oom.group", "1"));
    assertThat(reading.process().pid()).isEqualTo(4711);
    assertThat(reading.tty()).isTrue();
    assertThat(reading.stdin()).isTrue();
    assertThat(reading.cgroupParent()).isEqualTo("/pod");
  }

  @ParameterizedTest
  @CsvSource({
    // running, exit, oom, started, finished, error -> state, started, finished, exit, reason
    "false, 0, false, 0, 0, '', CONTAINER_CREATED, 0, 0, 0, ''",
    "true, 0, false, 2, 0, '', CONTAINER_RUNNING, 2, 0, 0, ''",
    "false, 0, false, 2, 3, '', CONTAINER_EXITED, 2, 3, 0, Completed",
    "false, 3, false, 2, 3, '', CONTAINER_EXITED, 2, 3, 3, Error",
    "false, 137, true, 2, 3, '', CONTAINER_EXITED, 2, 3, 137, OOMKilled",
    "false, 0, true, 2, 3, '', CONTAINER_EXITED, 2, 3, 0, OOMKilled",
    "false, 127, false, 0, 0, no such file, CONTAINER_EXITED, 1, 1, 127, ContainerCannotRun",
    "false, 128, false, 0, 0, oops, CONTAINER_EXITED, 1, 1, 128, ContainerCannotRun",
    "false, 0, false, 3, 2, '', CONTAINER_EXITED, 3, 3, 0, Completed"
  })
  void theStateIsCris(
      boolean running,
      int exitCode,
      boolean oomKilled,
      int started,
      int finished,
      String error,
      ContainerState state,
      long expectedStarted,
      long expectedFinished,
      int expectedExit,
      String reason) {
    ProcessState process =
        ProcessState.of(
            Requested.inspected(
                "{'Created':'%s','State':{'Running':%s,'ExitCode':%d,'OOMKilled':%s,'StartedAt':'%s','FinishedAt':'%s','Error':'%s'}}"
                    .formatted(
                        time(1),
                        running,
                        exitCode,
                        oomKilled,
                        time(started),
                        time(finished),
                        error)));

    assertThat(process)
        .isEqualTo(
            new ProcessState(
                state,
                1_000_000_000,
                expectedStarted * 1_000_000_000,
                expectedFinished * 1_000_000_000,
                expectedExit,
                reason,
                error,
                0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1000:3000 | 1000 | 3000",
        "0:0       | 0    | 0",
        "1000      |      |",
        "bob:3000  |      |",
        "''        |      |"
      })
  void theUserIsToldWhereTheConfigurationSaysIt(
      String user, @Nullable Long uid, @Nullable Long gid) {
    ContainerReading reading = container("{}", "'User':'" + user + "',");

    assertThat(reading.user().map(LinuxContainerUser::getUid).orElse(null)).isEqualTo(uid);
    assertThat(reading.user().map(LinuxContainerUser::getGid).orElse(null)).isEqualTo(gid);
    assertThat(reading.status().build().hasUser()).isEqualTo(uid != null);
  }

  @Test
  void mountsAreThoseAskedForInEitherNotation() {
    ContainerReading reading =
        container(
            """
            {'Binds':['/h1:/c1:ro,Z,rslave','/h2:/c2'],
             'Mounts':[
              {'Type':'bind','Source':'/h3','Target':'/c3','ReadOnly':true,
                'BindOptions':{'Propagation':'rprivate','ReadOnlyForceRecursive':true}},
              {'Type':'bind','Source':'/h4','Target':'/c4','BindOptions':{'Propagation':'rshared'}},
              {'Type':'bind','Source':'/h5','Target':'/c5','ReadOnly':true},
              {'Type':'volume','Source':'v','Target':'/c6'},
              {'Type':'image','Source':'sha256:2','Target':'/c7','ImageOptions':{'Subpath':'w'}}]}
            """,
            "");

    assertThat(reading.mounts())
        .containsExactly(
            mount(1)
                .setReadonly(true)
                .setSelinuxRelabel(true)
                .setPropagation(MountPropagation.PROPAGATION_HOST_TO_CONTAINER)
                .build(),
            mount(2).build(),
            mount(3).setReadonly(true).setRecursiveReadOnly(true).build(),
            mount(4).setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL).build(),
            mount(5).setReadonly(true).build(),
            Mount.newBuilder()
                .setContainerPath("/c7")
                .setReadonly(true)
                .setImage(ImageSpec.newBuilder().setImage("sha256:2").setImageRef("sha256:2"))
                .setImageSubPath("w")
                .build());
  }

  @Test
  void aFolderThatShowsAnImageIsToldAsTheImage() {
    ContainerReading reading =
        ContainerReading.of(
                Requested.inspected(
                    """
                    {'Id':'c1','Name':'/k8s_c_web_shop_7d_1',
                     'HostConfig':{'Mounts':[
                       {'Type':'bind','Source':'/shown/2/a b','Target':'/m','ReadOnly':true}]},
                     'Config':{'Labels':{
                       'io.kubernetes.docker.type':'container','io.kubernetes.sandbox.id':'5a',
                       'io.intermodal.image-volume./m':'sha256:2 busybox:1 a b'}}}
                    """))
            .orElseThrow();

    assertThat(reading.mounts())
        .containsExactly(
            Mount.newBuilder()
                .setContainerPath("/m")
                .setReadonly(true)
                .setImage(ImageSpec.newBuilder().setImage("busybox:1").setImageRef("sha256:2"))
                .setImageSubPath("a b")
                .build());
  }

  @Test
  void aTakenOverContainerHasTheImageThatDockerWasGiven() {
    assertThat(container("{}", "'Image':'nginx:1',").status().getImage())
        .isEqualTo(ImageSpec.newBuilder().setImage("nginx:1").build());
  }

  @ParameterizedTest
  @CsvSource({
    // Docker's network, pid, ipc, shared -> CRI's
    "none, '', shareable, false, POD, CONTAINER, POD",
    "none, '', shareable, true, POD, POD, POD",
    "host, host, host, true, NODE, NODE, NODE",
    "default, '', private, false, POD, CONTAINER, POD"
  })
  void aSandboxTellsItsNamespaces(
      String network,
      String pid,
      String ipc,
      boolean shared,
      NamespaceMode expectedNetwork,
      NamespaceMode expectedPid,
      NamespaceMode expectedIpc) {
    SandboxReading reading =
        sandbox(
            "{'NetworkMode':'%s','PidMode':'%s','IpcMode':'%s'}".formatted(network, pid, ipc),
            shared ? ",'io.intermodal.pod.shared-processes':'true'" : "",
            true);

    assertThat(reading.namespaces().getNetwork()).isEqualTo(expectedNetwork);
    assertThat(reading.namespaces().getPid()).isEqualTo(expectedPid);
    assertThat(reading.namespaces().getIpc()).isEqualTo(expectedIpc);
    assertThat(reading.hostNetwork()).isEqualTo(expectedNetwork == NamespaceMode.NODE);
  }

  @ParameterizedTest
  @CsvSource({
    // Docker's runtime, label, handler
    "runc, , ''",
    "runsc, , runsc",
    "runc, '', ''",
    "runc, docker, docker",
    "runsc, runsc, runsc"
  })
  void theRuntimeHandlerIsTheOneAskedFor(String runtime, @Nullable String label, String expected) {
    SandboxReading reading =
        sandbox(
            "{'Runtime':'" + runtime + "'}",
            label == null ? "" : ",'io.intermodal.runtime-handler':'" + label + "'",
            true);

    assertThat(reading.runtimeHandler("runc")).isEqualTo(expected);
  }

  @Test
  void aSandboxTellsItsStatus() {
    SandboxReading reading =
        sandbox("{'Runtime':'runc','CgroupParent':'/pod'}", ",'annotation.x':'y'", true);
    PodSandboxStatus status = reading.status("runc").build();

    assertThat(status.getId()).isEqualTo("5a");
    assertThat(status.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(status.getMetadata().getName()).isEqualTo("web");
    assertThat(status.getMetadata().getAttempt()).isEqualTo(1);
    assertThat(status.getLabelsMap()).isEmpty();
    assertThat(status.getAnnotationsMap()).containsExactly(Map.entry("x", "y"));
    assertThat(reading.place()).isEqualTo(new PodPlace("5a", "runc", "/pod"));
    assertThat(sandbox("{}", "", false).status("runc").getState())
        .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
  }

  @Test
  void containersOfOthersAreNotOurs() {
    String other = "{'Id':'x','Name':'/x','Config':{'Labels':{'a':'b'}}}";

    assertThat(ContainerReading.of(Requested.inspected(other))).isEmpty();
    assertThat(SandboxReading.of(Requested.inspected(other))).isEmpty();
    assertThat(ContainerReading.of(Requested.inspected("{'Id':'x'}"))).isEmpty();
    assertThat(SandboxReading.of(Requested.inspected("{'Id':'x','Config':{}}"))).isEmpty();
  }

  private static ContainerReading container(String hostConfig, String config) {
    return ContainerReading.of(
            Requested.inspected(
                """
                {'Id':'c1','Name':'/k8s_c_web_shop_7d_1','HostConfig':%s,'Config':{%s
                 'Labels':{'io.kubernetes.docker.type':'container','io.kubernetes.sandbox.id':'5a'}}}
                """
                    .formatted(hostConfig, config)))
        .orElseThrow();
  }

  private static SandboxReading sandbox(String hostConfig, String labels, boolean running) {
    return SandboxReading.of(
            Requested.inspected(
                """
                {'Id':'5a','Name':'/k8s_POD_web_shop_7d_1','HostConfig':%s,
                 'State':{'Running':%s,'StartedAt':'2001-09-09T01:46:40Z'},
                 'Config':{'Labels':{'io.kubernetes.docker.type':'podsandbox','io.kubernetes.container.name':'POD'%s}}}
                """
                    .formatted(hostConfig, running, labels)))
        .orElseThrow();
  }

  private static Mount.Builder mount(int number) {
    return Mount.newBuilder().setHostPath("/h" + number).setContainerPath("/c" + number);
  }

  private static String time(int second) {
    return second == 0 ? NEVER : "1970-01-01T00:00:0" + second + "Z";
  }
}
