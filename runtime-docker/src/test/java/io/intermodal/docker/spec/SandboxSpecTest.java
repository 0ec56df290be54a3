package io.intermodal.docker.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.CreateContainerCmd;
import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.LinuxPodSandboxConfig;
import io.intermodal.cri.v1.LinuxSandboxSecurityContext;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.SELinuxOption;
import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.cri.v1.UserNamespace;
import io.intermodal.cri.v1.WindowsPodSandboxConfig;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxSpecTest {

  @Test
  void aPlainPodIsAQuietUnprivilegedProcessWithoutANetwork() {
    JsonNode request = request(pod -> pod.setHostname("web"));
    JsonNode hostConfig = request.get("HostConfig");

    assertThat(request.get("Image").asText()).isEqualTo("pause:1");
    assertThat(request.get("Hostname").asText()).isEqualTo("web");
    assertThat(request.get("Healthcheck").get("Test")).hasToString("[\"NONE\"]");
    assertThat(request.get("Labels").get("io.kubernetes.docker.type").asText())
        .isEqualTo("podsandbox");
    assertThat(hostConfig.get("NetworkMode").asText()).isEqualTo("none");
    assertThat(hostConfig.get("IpcMode").asText()).isEqualTo("shareable");
    assertThat(hostConfig.get("PidMode").isNull()).isTrue();
    assertThat(hostConfig.get("UTSMode").isNull()).isTrue();
    assertThat(hostConfig.get("RestartPolicy").get("Name").asText()).as("none").isEmpty();
    assertThat(hostConfig.get("LogConfig").get("Type").asText()).isEqualTo("none");
    assertThat(hostConfig.get("CpuShares").asInt()).isEqualTo(2);
    assertThat(hostConfig.get("OomScoreAdj").asInt()).as("as low as the host lets").isEqualTo(100);
    assertThat(hostConfig.get("SecurityOpt")).hasToString("[\"no-new-privileges\"]");
    assertThat(hostConfig.get("Runtime").isNull()).isTrue();
    assertThat(hostConfig.get("CgroupParent").isNull()).isTrue();
    assertThat(hostConfig.get("Sysctls").isNull()).isTrue();
  }

  @Test
  void aPodOnTheHostsNamespacesWithoutANameOfItsOwnHasTheHostsName() {
    JsonNode hostConfig =
        request(pod ->
                security(pod)
                    .setNamespaceOptions(
                        NamespaceOption.newBuilder()
                            .setNetwork(NamespaceMode.NODE)
                            .setPid(NamespaceMode.NODE)
                            .setIpc(NamespaceMode.NODE)))
            .get("HostConfig");

    assertThat(hostConfig.get("NetworkMode").asText()).isEqualTo("host");
    assertThat(hostConfig.get("PidMode").asText()).isEqualTo("host");
    assertThat(hostConfig.get("IpcMode").asText()).isEqualTo("host");
    assertThat(hostConfig.get("UTSMode").asText()).isEqualTo("host");
  }

  @Test
  void portsAreCnisAndNotDockers() {
    JsonNode request =
        request(pod ->
            pod.addPortMappings(PortMapping.newBuilder().setContainerPort(80).setHostPort(8080)));

    assertThat(request.get("HostConfig").get("PortBindings").isNull()).isTrue();
    assertThat(request.get("ExposedPorts")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // servers | searches | options | Dns | DnsSearch | DnsOptions
        "1.1.1.1,::1 | a.b,c | ndots:5 | [\"1.1.1.1\",\"::1\"] | [\"a.b\",\"c\"] | [\"ndots:5\"]",
        "1.1.1.1     |       |         | [\"1.1.1.1\"]         | [\".\"]         | null",
        "            | a.b   |         | null                  | [\"a.b\"]       | null",
        "            |       | rotate  | null                  | null            | [\"rotate\"]",
        "            |       |         | null                  | null            | null"
      })
  void theResolverIsThePodsAndNothingOfTheHosts(
      String servers, String searches, String options, String dns, String search, String opts) {
    DNSConfig.Builder wish = DNSConfig.newBuilder();
    if (servers != null) {
      wish.addAllServers(List.of(servers.split(",")));
    }
    if (searches != null) {
      wish.addAllSearches(List.of(searches.split(",")));
    }
    if (options != null) {
      wish.addAllOptions(List.of(options.split(",")));
    }

    JsonNode hostConfig = request(pod -> pod.setDnsConfig(wish)).get("HostConfig");

    assertThat(hostConfig.get("Dns")).hasToString(dns);
    assertThat(hostConfig.get("DnsSearch")).hasToString(search);
    assertThat(hostConfig.get("DnsOptions")).hasToString(opts);
  }

  @Test
  void theSecurityContextIsApplied() {
    JsonNode request =
        request(pod ->
            security(pod)
                .setRunAsUser(number(1000))
                .setRunAsGroup(number(3000))
                .addSupplementalGroups(4000)
                .setReadonlyRootfs(true)
                .setSelinuxOptions(SELinuxOption.newBuilder().setType("t").setLevel("s0:c1"))
                .setSeccomp(
                    SecurityProfile.newBuilder()
                        .setProfileType(SecurityProfile.ProfileType.Unconfined))
                .setApparmor(
                    SecurityProfile.newBuilder()
                        .setProfileType(SecurityProfile.ProfileType.Localhost)
                        .setLocalhostRef("mine")));
    JsonNode hostConfig = request.get("HostConfig");

    assertThat(request.get("User").asText()).isEqualTo("1000:3000");
    assertThat(hostConfig.get("GroupAdd")).hasToString("[\"4000\"]");
    assertThat(hostConfig.get("ReadonlyRootfs").asBoolean()).isTrue();
    assertThat(hostConfig.get("SecurityOpt"))
        .hasToString(
            "[\"seccomp=unconfined\",\"apparmor=mine\",\"label=type:t\",\"label=level:s0:c1\",\"no-new-privileges\"]");
  }

  @ParameterizedTest
  @CsvSource({"false, POD, false", "true, POD, true", "true, NODE, false", "false, NODE, false"})
  void thePauseContainerIsPrivilegedOnlyToKeepThePodsSysfsWritable(
      boolean pod, NamespaceMode network, boolean pause) {
    JsonNode hostConfig =
        request(config ->
                security(config)
                    .setPrivileged(pod)
                    .setNamespaceOptions(NamespaceOption.newBuilder().setNetwork(network)))
            .get("HostConfig");

    assertThat(hostConfig.get("Privileged").asBoolean()).isEqualTo(pause);
  }

  @Test
  void sysctlsAndAnnotationsReachTheRuntime() {
    Consumer<PodSandboxConfig.Builder> wish =
        pod -> {
          pod.putAnnotations("a", "b");
          pod.getLinuxBuilder().putSysctls("net.core.somaxconn", "9");
        };

    assertThat(request(wish).get("HostConfig").get("Sysctls"))
        .hasToString("{\"net.core.somaxconn\":\"9\"}");
    assertThat(request(wish).get("HostConfig").get("Annotations")).hasToString("{\"a\":\"b\"}");
    assertThat(
            request(wish, "", Requested.oldDocker()).get("HostConfig").get("Annotations").isNull())
        .as("before API 1.43")
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"'',", "docker,", "runsc,runsc"})
  void theHandlerNamesARuntime(String handler, String runtime) {
    JsonNode chosen =
        request(pod -> {}, handler, Requested.docker(45)).get("HostConfig").get("Runtime");

    assertThat(chosen.isNull() ? null : chosen.asText()).isEqualTo(runtime);
  }

  @Test
  void anUnknownHandlerIsRefusedWithTheKnownOnes() {
    assertRefused(
        pod -> {},
        "kata",
        Code.INVALID_ARGUMENT,
        "runtime handler \"kata\": Docker knows [runc, runsc]");
  }

  @Test
  void theCgroupParentIsWrittenAsTheDriverWantsIt() {
    String systemd = "/kubepods.slice/kubepods-pod1.slice";

    assertThat(parent(systemd, Requested.docker(45))).isEqualTo("kubepods-pod1.slice");
    assertThat(parent("/kubepods/pod1", Requested.oldDocker())).isEqualTo("/kubepods/pod1");
    assertRefused(
        pod -> pod.getLinuxBuilder().setCgroupParent("/kubepods/pod1"),
        "",
        Code.INVALID_ARGUMENT,
        "systemd cgroup driver");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertRefused(
        pod -> pod.clearMetadata(), "", Code.INVALID_ARGUMENT, "the metadata has no pod name");
    assertRefused(
        pod -> pod.setWindows(WindowsPodSandboxConfig.getDefaultInstance()),
        "",
        Code.INVALID_ARGUMENT,
        "windows");
    assertRefused(
        pod ->
            security(pod)
                .getNamespaceOptionsBuilder()
                .setUsernsOptions(UserNamespace.newBuilder().setMode(NamespaceMode.POD)),
        "",
        Code.UNIMPLEMENTED,
        "user namespace POD");
    assertRefused(
        pod -> security(pod).getNamespaceOptionsBuilder().setNetwork(NamespaceMode.CONTAINER),
        "",
        Code.INVALID_ARGUMENT,
        "network namespace CONTAINER is not possible for a sandbox");
    assertRefused(
        pod -> security(pod).getNamespaceOptionsBuilder().setPid(NamespaceMode.TARGET),
        "",
        Code.INVALID_ARGUMENT,
        "pid namespace TARGET");
    assertRefused(
        pod -> security(pod).setRunAsGroup(number(1)), "", Code.INVALID_ARGUMENT, "run_as_group 1");
  }

  private static String parent(String path, EngineFeatures features) {
    return request(pod -> pod.getLinuxBuilder().setCgroupParent(path), "", features)
        .get("HostConfig")
        .get("CgroupParent")
        .asText();
  }

  private static void assertRefused(
      Consumer<PodSandboxConfig.Builder> change, String handler, Code code, String message) {
    assertThatThrownBy(() -> request(change, handler, Requested.docker(45)))
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private static JsonNode request(Consumer<PodSandboxConfig.Builder> change) {
    return request(change, "", Requested.docker(45));
  }

  private static JsonNode request(
      Consumer<PodSandboxConfig.Builder> change, String handler, EngineFeatures features) {
    PodSandboxConfig.Builder pod =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop").setUid("7d"))
            .setLinux(LinuxPodSandboxConfig.newBuilder());
    change.accept(pod);
    CreateContainerCmd request = Requested.creation();
    new SandboxSpec(features, Requested.HOST).fill(request, pod.build(), handler, "pause:1");
    return Requested.body(request);
  }

  private static LinuxSandboxSecurityContext.Builder security(PodSandboxConfig.Builder pod) {
    return pod.getLinuxBuilder().getSecurityContextBuilder();
  }

  private static Int64Value number(long value) {
    return Int64Value.newBuilder().setValue(value).build();
  }
}
