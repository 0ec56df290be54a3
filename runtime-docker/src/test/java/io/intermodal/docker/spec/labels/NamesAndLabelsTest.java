package io.intermodal.docker.spec.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.docker.spec.labels.ContainerIdentity.AskedImage;
import io.intermodal.docker.spec.labels.ContainerIdentity.Pod;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.runtime.CriException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NamesAndLabelsTest {
  private static final PodSandboxMetadata WEB =
      PodSandboxMetadata.newBuilder()
          .setName("web-0")
          .setNamespace("shop")
          .setUid("7d1f")
          .setAttempt(2)
          .build();

  @Test
  void aSandboxIsNamedAndLabelledAsCriDockerdDoes() {
    SandboxIdentity identity =
        SandboxIdentity.of(
            PodSandboxConfig.newBuilder()
                .setMetadata(WEB)
                .putLabels("app", "web")
                .putAnnotations("kubernetes.io/config.source", "api")
                .build(),
            "");

    assertThat(identity.dockerName()).isEqualTo("k8s_POD_web-0_shop_7d1f_2");
    assertThat(identity.dockerLabels())
        .containsEntry("app", "web")
        .containsEntry("annotation.kubernetes.io/config.source", "api")
        .containsEntry("io.kubernetes.docker.type", "podsandbox")
        .containsEntry("io.kubernetes.container.name", "POD");
  }

  @Test
  void aContainerIsNamedAndLabelledAsCriDockerdDoes() {
    ContainerIdentity identity =
        ContainerIdentity.of(
            ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("nginx").setAttempt(1))
                .setImage(ImageSpec.newBuilder().setImage("sha256:1").setUserSpecifiedImage("n:1"))
                .setLogPath("nginx/1.log")
                .putLabels("io.kubernetes.container.name", "nginx")
                .build(),
            PodSandboxConfig.newBuilder()
                .setMetadata(WEB)
                .setLogDirectory("/var/log/pods/shop_web-0_7d1f/")
                .build(),
            "5a",
            CgroupSettings.NONE);

    assertThat(identity.dockerName()).isEqualTo("k8s_nginx_web-0_shop_7d1f_1");
    assertThat(identity.dockerLabels())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "io.kubernetes.container.name", "nginx",
                "io.kubernetes.docker.type", "container",
                "io.kubernetes.sandbox.id", "5a",
                "io.kubernetes.container.logpath", "/var/log/pods/shop_web-0_7d1f/nginx/1.log",
                "io.intermodal.image", "sha256:1",
                "io.intermodal.image.user-specified", "n:1",
                "io.intermodal.labels", "io.kubernetes.container.name"));
  }

  @Test
  void theImagesLabelsAreNotTheContainers() {
    Map<String, String> docker =
        new HashMap<>(
            SandboxIdentity.of(
                    PodSandboxConfig.newBuilder().setMetadata(WEB).putLabels("a,b", "c").build(),
                    "")
                .dockerLabels());
    docker.put("maintainer", "somebody");

    assertThat(SandboxIdentity.read("k8s_POD_web-0_shop_7d1f_2", docker).orElseThrow().labels())
        .isEqualTo(Map.of("a,b", "c"));
  }

  @Test
  void aTakenOverSandboxIsReadWithoutOurLabels() {
    SandboxIdentity identity =
        SandboxIdentity.read(
                "/k8s_POD_web-0_shop_7d1f_2",
                Map.of(
                    "io.kubernetes.docker.type", "podsandbox",
                    "io.kubernetes.container.name", "POD",
                    "app", "web",
                    "annotation.a/b", "c"))
            .orElseThrow();

    assertThat(identity)
        .isEqualTo(
            new SandboxIdentity(
                WEB, Map.of("app", "web"), Map.of("a/b", "c"), Optional.empty(), false));
  }

  @Test
  void aTakenOverContainerIsReadWithoutOurLabels() {
    ContainerIdentity identity =
        ContainerIdentity.read(
                "/k8s_nginx_web-0_shop_7d1f_4294967295_0badcafe",
                Map.of(
                    "io.kubernetes.docker.type", "container",
                    "io.kubernetes.sandbox.id", "5a",
                    "io.kubernetes.container.logpath", "/l/0.log",
                    "io.kubernetes.container.name", "nginx"))
            .orElseThrow();

    assertThat(identity)
        .isEqualTo(
            new ContainerIdentity(
                ContainerMetadata.newBuilder().setName("nginx").setAttempt(-1).build(),
                new Pod("web-0", "shop", "7d1f"),
                "5a",
                "/l/0.log",
                Map.of("io.kubernetes.container.name", "nginx"),
                Map.of(),
                Optional.empty(),
                CgroupSettings.NONE));
  }

  @Test
  void aContainerThatWasRenamedByHandIsKnownByTheKubeletsLabels() {
    ContainerIdentity identity =
        ContainerIdentity.read(
                "/my-favourite",
                Map.of(
                    "io.kubernetes.docker.type", "container",
                    "io.kubernetes.sandbox.id", "5a",
                    "io.kubernetes.container.name", "nginx",
                    "io.kubernetes.pod.name", "web-0",
                    "io.kubernetes.pod.namespace", "shop",
                    "io.kubernetes.pod.uid", "7d1f",
                    "annotation.io.kubernetes.container.restartCount", "3"))
            .orElseThrow();

    assertThat(identity.metadata())
        .isEqualTo(ContainerMetadata.newBuilder().setName("nginx").setAttempt(3).build());
    assertThat(identity.pod()).isEqualTo(new Pod("web-0", "shop", "7d1f"));
  }

  static Stream<Map<String, String>> labelsOfOthers() {
    return Stream.of(
        Map.of(),
        Map.of("com.docker.compose.project", "x"),
        Map.of("io.kubernetes.docker.type", "other", "io.kubernetes.sandbox.id", "5a"),
        Map.of("io.kubernetes.docker.type", "container"));
  }

  @ParameterizedTest
  @MethodSource("labelsOfOthers")
  void containersOfOthersAreNotOurs(Map<String, String> labels) {
    assertThat(SandboxIdentity.read("/k8s_POD_a_b_c_0", labels)).isEmpty();
    assertThat(ContainerIdentity.read("/k8s_x_a_b_c_0", labels)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/stray",
    "/k8s_POD_a_b_c",
    "/k8s_POD_a_b_c_x",
    "/k8s_POD_a_b_c_-1",
    "/k8s_POD_a_b_c_4294967296",
    "/k8s_POD_a_b_c_0_x_y",
    "/K8S_POD_a_b_c_0"
  })
  void aNameOfAnotherSchemeTellsNothing(String name) {
    assertThat(SandboxIdentity.read(name, Map.of("io.kubernetes.docker.type", "podsandbox")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', shop, 7d1f, has no pod name",
    "web, '', 7d1f, has no pod namespace",
    "web, shop, '', has no pod uid",
    "we b, shop, 7d1f, pod name \"we b\"",
    "web, sh/op, 7d1f, pod namespace \"sh/op\"",
    "web, shop, ü, pod uid \"ü\""
  })
  void metadataThatMakesNoNameIsRefusedNamingThePart(
      String name, String namespace, String uid, String expected) {
    SandboxIdentity identity =
        new SandboxIdentity(
            PodSandboxMetadata.newBuilder()
                .setName(name)
                .setNamespace(namespace)
                .setUid(uid)
                .build(),
            Map.of(),
            Map.of(),
            Optional.of(""),
            false);

    assertThatThrownBy(identity::dockerName)
        .isInstanceOfSatisfying(
            CriException.class,
            e -> assertThat(e.code()).isEqualTo(CriException.Code.INVALID_ARGUMENT))
        .hasMessageContaining(expected);
  }

  @Test
  void aContainerWithoutANameIsRefused() {
    assertThatThrownBy(() ->
            ContainerIdentity.of(
                    ContainerConfig.getDefaultInstance(),
                    PodSandboxConfig.newBuilder().setMetadata(WEB).build(),
                    "5a",
                    CgroupSettings.NONE)
                .dockerName())
        .hasMessage("pod \"shop/web-0\": the metadata has no container name");
  }

  @ParameterizedTest
  @CsvSource({
    "/var/log/pods/x, c/0.log, /var/log/pods/x/c/0.log",
    "/var/log/pods/x/, /c//0.log, /var/log/pods/x/c/0.log",
    "/var/log/../lib, 0.log, /var/lib/0.log",
    "/var/log, '', ''",
    "'', 0.log, ''",
    "'', /a/0.log, /a/0.log"
  })
  void theLogPathIsTheFileInThePodsFolder(String folder, String file, String expected) {
    ContainerIdentity identity =
        ContainerIdentity.of(
            ContainerConfig.newBuilder().setLogPath(file).build(),
            PodSandboxConfig.newBuilder().setLogDirectory(folder).build(),
            "5a",
            CgroupSettings.NONE);

    assertThat(identity.logPath()).isEqualTo(expected);
  }

  static Stream<Random> randoms() {
    return IntStream.range(0, 200).mapToObj(Random::new);
  }

  @ParameterizedTest
  @MethodSource("randoms")
  void whateverASandboxIsCalledItIsReadBack(Random random) {
    SandboxIdentity identity =
        new SandboxIdentity(
            PodSandboxMetadata.newBuilder()
                .setName(name(random))
                .setNamespace(name(random))
                .setUid(name(random))
                .setAttempt(random.nextInt())
                .build(),
            pairs(random),
            pairs(random),
            Optional.of(text(random)),
            random.nextBoolean());

    assertThat(SandboxIdentity.read("/" + identity.dockerName(), identity.dockerLabels()))
        .contains(identity);
  }

  @ParameterizedTest
  @MethodSource("randoms")
  void whateverAContainerIsCalledItIsReadBack(Random random) {
    ContainerIdentity identity =
        new ContainerIdentity(
            ContainerMetadata.newBuilder()
                .setName(name(random))
                .setAttempt(random.nextInt())
                .build(),
            new Pod(name(random), name(random), name(random)),
            name(random),
            "/" + text(random),
            pairs(random),
            pairs(random),
            Optional.of(new AskedImage(text(random), text(random))),
            new CgroupSettings(
                Map.of("memory.oom.group", "1"),
                Map.of("2MB", Integer.toString(random.nextInt(9)))));

    assertThat(ContainerIdentity.read("/" + identity.dockerName(), identity.dockerLabels()))
        .contains(identity);
  }

  private static final List<String> TROUBLESOME_KEYS =
      List.of(
          "io.kubernetes.docker.type",
          "io.kubernetes.sandbox.id",
          "io.kubernetes.container.logpath",
          "io.kubernetes.container.name",
          "io.kubernetes.pod.name",
          "annotation.",
          "annotation.annotation.x",
          "io.intermodal.label.x",
          "io.intermodal.runtime-handler",
          "io.intermodal.attempt",
          "io.intermodal.cgroup.memory.high");

  private static Map<String, String> pairs(Random random) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String key =
          random.nextBoolean()
              ? TROUBLESOME_KEYS.get(random.nextInt(TROUBLESOME_KEYS.size()))
              : text(random);
      pairs.put(key, text(random));
    }
    return pairs;
  }

  /** Letters that Docker allows, with many underscores: the name's own delimiter. */
  private static String name(Random random) {
    return random(random, "aZ09_.-__".codePoints().toArray(), 1 + random.nextInt(6));
  }

  private static String text(Random random) {
    return random(
        random, "a=._/ \"\\\n\u00fc\ud83d\udea2".codePoints().toArray(), random.nextInt(9));
  }

  private static String random(Random random, int[] alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }
}
