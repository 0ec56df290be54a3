package io.intermodal.tests.suite.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.KeyValue;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.Mount;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * ConfigMaps and Secrets as a kubelet hands them over: as files that change under a running
 * container, and as its environment. Mounts alone are {@code MountsIT}'s.
 */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO
})
class ConfigurationIT {
  private static final long USER = 1000;
  private static final long FS_GROUP = 2000;

  private final Cri cri;
  private final Node node;

  ConfigurationIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void files_change_all_at_once_for_a_container_that_runs_and_stay_where_one_alone_is_mounted()
      throws IOException {
    Path volumes = Files.createTempDirectory(node.folder(), "volumes-");
    try (AtomicFolder map = AtomicFolder.mount(volumes.resolve("map"), "0644", 0);
        AtomicFolder secret = AtomicFolder.mount(volumes.resolve("secret"), "0440", FS_GROUP)) {
      map.write(Map.of("app.conf", "color = red\n", "old", "will go\n"));
      secret.write(Map.of("token", "first"));
      Path single = map.subPath("app.conf");
      Pod pod = cri.runPod();
      Container app =
          pod.startIdle(config ->
              as(USER, FS_GROUP, config)
                  .addMounts(readOnly(map.path(), "/etc/config"))
                  .addMounts(readOnly(secret.path(), "/run/secrets/app"))
                  .addMounts(readOnly(single, "/etc/app.conf")));
      Container stranger =
          pod.startIdle(config ->
              as(USER, USER, config).addMounts(readOnly(secret.path(), "/run/secrets/app")));

      assertThat(app.output("cat /etc/config/app.conf /etc/config/old /etc/app.conf"))
          .isEqualTo("color = red\nwill go\ncolor = red");
      assertThat(app.output("cat /run/secrets/app/token")).isEqualTo("first");
      assertThat(stranger.exec("cat /run/secrets/app/token").getExitCode())
          .as("without the pod's group")
          .isNotZero();
      assertThat(app.output("grep ' /run/secrets/app ' /proc/mounts"))
          .contains("tmpfs")
          .contains(" ro");

      map.write(Map.of("app.conf", "color = blue\n", "new", "has come\n"));
      secret.write(Map.of("token", "second"));

      assertThat(app.output("cd /etc/config && cat app.conf new && ls"))
          .isEqualTo("color = blue\nhas come\napp.conf\nnew");
      assertThat(app.output("cat /run/secrets/app/token")).isEqualTo("second");
      assertThat(app.output("cat /etc/app.conf")).as("a subPath").isEqualTo("color = red");
      Container restarted =
          pod.startIdle(config -> config.addMounts(readOnly(map.path(), "/etc/config")));
      assertThat(restarted.output("cat /etc/config/app.conf")).isEqualTo("color = blue");
      for (String write :
          List.of(
              "echo x > /etc/config/app.conf",
              "echo x > /etc/config/..data/another",
              "rm /etc/config/..data",
              "mv /etc/config/new /etc/config/old")) {
        assertThat(restarted.exec(write).getExitCode()).as(write).isNotZero();
      }
      assertThat(map.path().resolve("app.conf")).hasContent("color = blue");
    }
  }

  @Test
  void an_environment_has_each_byte_that_a_kubelet_sends() {
    // A ConfigMap's and a Secret's values are any text without a zero byte.
    Map<String, String> values =
        Map.ofEntries(
            Map.entry("LINES", "\nfirst\n\n  second\r\n\tthird\n"),
            Map.entry("EQUALS", "=a=b=="),
            Map.entry("DOLLARS", "$HOME ${PATH} $(hostname) $$ `id`"),
            Map.entry("QUOTES", "\"double\" 'single' \"un'even"),
            Map.entry("BACKSLASHES", "C:\\new\\table\\ \\\" \\x00 \\"),
            Map.entry("PERCENTS", "100% %s %n %d %%"),
            Map.entry("JSON", "{\"a\":[1,\"\\u0041\",null],\"b\":\"</script>&amp;\"}"),
            Map.entry("UNICODE", "gr\u00fcn \u5bb9\u5668 \ud83d\udea2 e\u0301 \u2028 \ufeff"),
            Map.entry("CONTROLS", "\u0001\u0007\u001b[31m\u007f\u0085"),
            Map.entry("SPACES", "  around  "),
            Map.entry("EMPTY", ""),
            Map.entry("LONG", "0123456789abcdef".repeat(4096)),
            Map.entry("with.dots-and-dashes", "a key of a ConfigMap"));
    ContainerConfig.Builder config =
        cri.container(cri.testImages().busybox()).addCommand("/bin/sleep").addArgs("3600");
    values.forEach((name, value) -> config.addEnvs(variable(name, value)));
    Container container = cri.runPod().start(config);

    String[] ofExec =
        container
            .exec(List.of("/bin/cat", "/proc/self/environ"), 10)
            .getStdout()
            .toStringUtf8()
            .split("\0", -1);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String variable = entry.getKey() + "=" + entry.getValue();
      assertThat(container.process().environment()).contains(variable);
      assertThat(ofExec).contains(variable);
    }
    assertThat(container.output("printf '%s|' \"$LINES\" \"$DOLLARS\" \"$EMPTY\""))
        .isEqualTo(values.get("LINES") + "|" + values.get("DOLLARS") + "||");
  }

  private static ContainerConfig.Builder as(
      long user, long group, ContainerConfig.Builder container) {
    container
        .getLinuxBuilder()
        .setSecurityContext(
            LinuxContainerSecurityContext.newBuilder()
                .setRunAsUser(number(user))
                .setRunAsGroup(number(user))
                .addSupplementalGroups(group));
    return container;
  }

  private static Int64Value number(long value) {
    return Int64Value.newBuilder().setValue(value).build();
  }

  private static Mount readOnly(Path host, String inside) {
    return Mount.newBuilder()
        .setHostPath(host.toString())
        .setContainerPath(inside)
        .setReadonly(true)
        .build();
  }

  private static KeyValue variable(String name, String value) {
    return KeyValue.newBuilder().setKey(name).setValue(ByteString.copyFromUtf8(value)).build();
  }
}
