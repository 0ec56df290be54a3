package io.intermodal.docker.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.LogConfig;
import com.google.protobuf.ByteString;
import io.intermodal.cri.v1.CDIDevice;
import io.intermodal.cri.v1.Capability;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.Device;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.KeyValue;
import io.intermodal.cri.v1.LinuxContainerConfig;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.Signal;
import io.intermodal.cri.v1.UserNamespace;
import io.intermodal.cri.v1.WindowsContainerConfig;
import io.intermodal.docker.spec.labels.ContainerIdentity;
import io.intermodal.docker.spec.labels.ImageVolume;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerSpecTest {
  private static final PodSandboxConfig POD =
      PodSandboxConfig.newBuilder()
          .setMetadata(
              PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop").setUid("7d"))
          .setHostname("web")
          .setLogDirectory("/logs")
          .build();

  @Test
  void aPlainContainerJoinsItsSandboxAndLeavesTheRestToTheImage() {
    JsonNode request = request(container -> {});
    JsonNode hostConfig = request.get("HostConfig");

    assertThat(request.get("Image").asText()).isEqualTo("sha256:1");
    for (String field :
        List.of("Hostname", "Entrypoint", "Cmd", "WorkingDir", "User", "StopSignal")) {
      assertThat(request.get(field).isNull()).as(field).isTrue();
    }
    assertThat(request.get("Env")).isEmpty();
    assertThat(request.get("Tty").asBoolean()).isFalse();
    assertThat(request.get("Healthcheck").get("Test")).hasToString("[\"NONE\"]");
    assertThat(hostConfig.get("NetworkMode").asText()).isEqualTo("container:5a");
    assertThat(hostConfig.get("IpcMode").asText()).isEqualTo("container:5a");
    assertThat(hostConfig.get("PidMode").asText()).isEqualTo("container:5a");
    assertThat(hostConfig.get("UTSMode").isNull()).isTrue();
    assertThat(hostConfig.get("Runtime").asText()).isEqualTo("runsc");
    assertThat(hostConfig.get("CgroupParent").asText()).isEqualTo("pod.slice");
    assertThat(hostConfig.get("RestartPolicy").get("Name").asText()).as("none").isEmpty();
    assertThat(hostConfig.get("AutoRemove").asBoolean()).isFalse();
    assertThat(hostConfig.get("LogConfig").get("Type").asText()).isEqualTo("journald");
    assertThat(hostConfig.get("OomScoreAdj").asInt()).isEqualTo(100);
    assertThat(hostConfig.has("MaskedPaths")).as("left to Docker").isFalse();
    assertThat(hostConfig.get("SecurityOpt")).hasToString("[\"seccomp=unconfined\"]");
  }

  @Test
  void nameAndLabelsSayWhatItIs() {
    CreateContainerCmd request = Requested.creation();
    ContainerIdentity identity =
        fill(request, container().setLogPath("c/0.log").build(), Requested.docker(45));

    assertThat(request.getName()).isEqualTo("k8s_c_web_shop_7d_0");
    assertThat(request.getLabels()).isEqualTo(identity.dockerLabels());
    assertThat(identity.logPath()).isEqualTo("/logs/c/0.log");
    assertThat(identity.sandboxId()).isEqualTo("5a");
  }

  @Test
  void theProcessIsAsAskedFor() {
    JsonNode request =
        request(container ->
            container
                .addCommand("sh")
                .addArgs("-c")
                .addArgs("id")
                .setWorkingDir("/work")
                .addEnvs(env("A", "\u00fc=1"))
                .addEnvs(env("B.b-b", ""))
                .setTty(true)
                .setStdin(true)
                .setStdinOnce(true)
                .setStopSignal(Signal.SIGNAL_SIGRTMINPLUS3));

    assertThat(request.get("Entrypoint")).hasToString("[\"sh\"]");
    assertThat(request.get("Cmd")).hasToString("[\"-c\",\"id\"]");
    assertThat(request.get("WorkingDir").asText()).isEqualTo("/work");
    assertThat(request.get("Env")).hasToString("[\"A=\u00fc=1\",\"B.b-b=\"]");
    assertThat(request.get("Tty").asBoolean()).isTrue();
    assertThat(request.get("OpenStdin").asBoolean()).isTrue();
    assertThat(request.get("StdinOnce").asBoolean()).isTrue();
    assertThat(request.get("StopSignal").asText()).isEqualTo("SIGRTMIN+3");
  }

  @ParameterizedTest
  @CsvSource({
    // wish: network, pid, ipc -> Docker's network, pid, ipc
    "POD, POD, POD, container:5a, container:5a, container:5a",
    "NODE, NODE, NODE, container:5a, host, host",
    "POD, CONTAINER, CONTAINER, container:5a, , private",
    "POD, TARGET, POD, container:5a, container:t1, container:5a"
  })
  void namespacesAreThoseOfThePodTheHostOrItsOwn(
      NamespaceMode network,
      NamespaceMode pid,
      NamespaceMode ipc,
      String networkMode,
      String pidMode,
      String ipcMode) {
    JsonNode hostConfig =
        request(container ->
                security(container)
                    .getNamespaceOptionsBuilder()
                    .setNetwork(network)
                    .setPid(pid)
                    .setIpc(ipc)
                    .setTargetId(pid == NamespaceMode.TARGET ? "t1" : ""))
            .get("HostConfig");

    assertThat(hostConfig.get("NetworkMode").asText()).isEqualTo(networkMode);
    assertThat(hostConfig.get("PidMode").isNull() ? null : hostConfig.get("PidMode").asText())
        .isEqualTo(pidMode);
    assertThat(hostConfig.get("IpcMode").asText()).isEqualTo(ipcMode);
  }

  @Test
  void inAPodOnTheHostsNetworkAContainerHasTheHostsNameUnlessThePodHasOne() {
    PodSandboxConfig.Builder pod = POD.toBuilder();
    pod.getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);

    assertThat(utsMode(pod.clearHostname().build())).isEqualTo("host");
    assertThat(utsMode(pod.setHostname("web").build())).isEqualTo("null");
  }

  @Test
  void theSecurityContextIsApplied() {
    JsonNode request =
        request(container ->
            security(container)
                .setRunAsUsername("bob")
                .setRunAsGroup(Int64Value.newBuilder().setValue(3000))
                .addSupplementalGroups(4000)
                .setReadonlyRootfs(true)
                .setNoNewPrivs(true)
                .setCapabilities(
                    Capability.newBuilder()
                        .addDropCapabilities("ALL")
                        .addAddCapabilities("CAP_NET_ADMIN"))
                .addMaskedPaths("/proc/kcore")
                .addReadonlyPaths("/proc/sys"));
    JsonNode hostConfig = request.get("HostConfig");

    assertThat(request.get("User").asText()).isEqualTo("bob:3000");
    assertThat(hostConfig.get("GroupAdd")).hasToString("[\"4000\"]");
    assertThat(hostConfig.get("ReadonlyRootfs").asBoolean()).isTrue();
    assertThat(hostConfig.get("SecurityOpt"))
        .hasToString("[\"seccomp=unconfined\",\"no-new-privileges\"]");
    assertThat(hostConfig.get("CapAdd")).hasToString("[\"NET_ADMIN\"]");
    assertThat(hostConfig.get("CapDrop")).hasToString("[\"ALL\"]");
    assertThat(hostConfig.get("MaskedPaths")).hasToString("[\"/proc/kcore\"]");
    assertThat(hostConfig.get("ReadonlyPaths")).hasToString("[\"/proc/sys\"]");
  }

  @Test
  void emptyListsOfPathsMaskNothing() {
    JsonNode hostConfig = request(ContainerSpecTest::security).get("HostConfig");

    assertThat(hostConfig.get("MaskedPaths")).hasToString("[]");
    assertThat(hostConfig.get("ReadonlyPaths")).hasToString("[]");
  }

  @Test
  void aPrivilegedContainerNeedsAPrivilegedPodAndMasksNothing() {
    PodSandboxConfig.Builder pod = POD.toBuilder();
    pod.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    ContainerConfig.Builder container = container();
    security(container).setPrivileged(true).addMaskedPaths("/proc/kcore");
    CreateContainerCmd request = Requested.creation();
    fill(request, container.build(), pod.build(), Requested.docker(45));
    JsonNode hostConfig = Requested.body(request).get("HostConfig");

    assertThat(hostConfig.get("Privileged").asBoolean()).isTrue();
    assertThat(hostConfig.get("MaskedPaths")).hasToString("[]");
    assertRefused(
        wish -> security(wish).setPrivileged(true),
        45,
        Code.INVALID_ARGUMENT,
        "container \"c\": privileged in a pod that is not");
  }

  @Test
  void devicesHaveAllPermissionsUnlessSaid() {
    JsonNode devices =
        request(container ->
                container
                    .addDevices(
                        Device.newBuilder()
                            .setHostPath("/dev/null")
                            .setContainerPath("/dev/x")
                            .setPermissions("r"))
                    .addDevices(Device.newBuilder().setHostPath("/dev/zero")))
            .get("HostConfig")
            .get("Devices");

    assertThat(devices)
        .hasToString(
            "[{\"CgroupPermissions\":\"r\",\"PathOnHost\":\"/dev/null\",\"PathInContainer\":\"/dev/x\"},"
                + "{\"CgroupPermissions\":\"rwm\",\"PathOnHost\":\"/dev/zero\",\"PathInContainer\":\"/dev/zero\"}]");
  }

  @Test
  void cdiDevicesAreADeviceRequestWhereTheEngineKnowsThem() {
    Consumer<ContainerConfig.Builder> wish =
        container -> container.addCDIDevices(CDIDevice.newBuilder().setName("v.com/gpu=0"));

    JsonNode devices = request(wish).get("HostConfig").get("DeviceRequests").get(0);

    assertThat(devices.get("Driver").asText()).isEqualTo("cdi");
    assertThat(devices.get("DeviceIDs")).hasToString("[\"v.com/gpu=0\"]");
    assertRefused(wish, 43, Code.UNIMPLEMENTED, "[v.com/gpu=0] needs Docker API 1.44");
  }

  @Test
  void annotationsReachTheRuntimeWhereTheEngineHandsThemOn() {
    Consumer<ContainerConfig.Builder> wish = container -> container.putAnnotations("a", "b");

    assertThat(request(wish, 43).get("HostConfig").get("Annotations")).hasToString("{\"a\":\"b\"}");
    assertThat(request(wish, 42).get("HostConfig").get("Annotations").isNull()).isTrue();
    assertThat(request(wish, 42).get("Labels").get("annotation.a").asText()).isEqualTo("b");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertRefused(
        container -> container.clearMetadata(), 45, Code.INVALID_ARGUMENT, "no container name");
    assertRefused(
        container -> container.setWindows(WindowsContainerConfig.getDefaultInstance()),
        45,
        Code.INVALID_ARGUMENT,
        "windows");
    assertRefused(
        container ->
            container.addEnvs(
                KeyValue.newBuilder()
                    .setKey("BYTES")
                    .setValue(ByteString.copyFrom(new byte[] {(byte) 0xC3}))),
        45,
        Code.INVALID_ARGUMENT,
        "value of BYTES is not valid UTF-8");
    assertRefused(
        container -> container.addEnvs(env("A=B", "c")), 45, Code.INVALID_ARGUMENT, "\"A=B\"");
    assertRefused(container -> container.addEnvs(env("", "c")), 45, Code.INVALID_ARGUMENT, "\"\"");
    assertRefused(
        container -> container.addEnvs(env("Z", "a\0b")), 45, Code.INVALID_ARGUMENT, "value of Z");
    assertRefused(
        container -> container.setStopSignalValue(99), 45, Code.INVALID_ARGUMENT, "signal 99");
    assertRefused(
        container -> container.addDevices(Device.newBuilder().setHostPath("/dev/no-such")),
        45,
        Code.INVALID_ARGUMENT,
        "device \"/dev/no-such\"");
    assertRefused(
        container ->
            container.addDevices(Device.newBuilder().setHostPath("/dev/null").setPermissions("rx")),
        45,
        Code.INVALID_ARGUMENT,
        "permissions \"rx\"");
    assertRefused(
        container -> security(container).getNamespaceOptionsBuilder().setPid(NamespaceMode.TARGET),
        45,
        Code.INVALID_ARGUMENT,
        "target_id");
    assertRefused(
        container ->
            security(container).getNamespaceOptionsBuilder().setNetwork(NamespaceMode.CONTAINER),
        45,
        Code.INVALID_ARGUMENT,
        "network namespace CONTAINER is not possible for a container");
    assertRefused(
        container ->
            security(container)
                .getNamespaceOptionsBuilder()
                .setUsernsOptions(UserNamespace.getDefaultInstance()),
        45,
        Code.UNIMPLEMENTED,
        "user namespace POD");
  }

  private static String utsMode(PodSandboxConfig pod) {
    CreateContainerCmd request = Requested.creation();
    fill(request, container().build(), pod, Requested.docker(45));
    return Requested.body(request).get("HostConfig").get("UTSMode").asText();
  }

  private static void assertRefused(
      Consumer<ContainerConfig.Builder> change, int apiMinor, Code code, String message) {
    assertThatThrownBy(() -> request(change, apiMinor))
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private static JsonNode request(Consumer<ContainerConfig.Builder> change) {
    return request(change, 45);
  }

  private static JsonNode request(Consumer<ContainerConfig.Builder> change, int apiMinor) {
    ContainerConfig.Builder container = container();
    change.accept(container);
    CreateContainerCmd request = Requested.creation();
    fill(request, container.build(), Requested.docker(apiMinor));
    return Requested.body(request);
  }

  private static ContainerIdentity fill(
      CreateContainerCmd request, ContainerConfig container, EngineFeatures features) {
    return fill(request, container, POD, features);
  }

  private static ContainerIdentity fill(
      CreateContainerCmd request,
      ContainerConfig container,
      PodSandboxConfig pod,
      EngineFeatures features) {
    return new ContainerSpec(features, Requested.HOST, new ImagesNowhere())
        .fill(
            request,
            container,
            pod,
            new PodPlace("5a", "runsc", "pod.slice"),
            "sha256:1",
            new LogConfig(LogConfig.LoggingType.JOURNALD));
  }

  @Test
  void theLabelsSayWhichImagesAreItsVolumes() {
    CreateContainerCmd request = Requested.creation();
    Mount.Builder mount =
        Mount.newBuilder()
            .setContainerPath("/a b")
            .setReadonly(true)
            .setImage(ImageSpec.newBuilder().setImage("busybox"))
            .setImageSubPath("c d");

    fill(request, container().addMounts(mount).build(), Requested.docker(47));

    Map<String, String> labels = Objects.requireNonNull(request.getLabels());
    assertThat(ImageVolume.images(labels)).containsExactly("sha256:busybox");
    assertThat(ImageVolume.at("/a b", labels))
        .contains(new ImageVolume("/a b", "sha256:busybox", "busybox", "c d"));
    assertThat(ImageVolume.at("/a", labels)).isEmpty();
    CreateContainerCmd newer = Requested.creation();
    fill(newer, container().addMounts(mount).build(), Requested.docker(48));
    assertThat(ImageVolume.images(Objects.requireNonNull(newer.getLabels()))).isEmpty();
  }

  private static ContainerConfig.Builder container() {
    return ContainerConfig.newBuilder()
        .setMetadata(ContainerMetadata.newBuilder().setName("c"))
        .setLinux(LinuxContainerConfig.newBuilder());
  }

  private static LinuxContainerSecurityContext.Builder security(ContainerConfig.Builder container) {
    return container.getLinuxBuilder().getSecurityContextBuilder();
  }

  private static KeyValue env(String key, String value) {
    return KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value)).build();
  }
}
