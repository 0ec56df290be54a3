package io.intermodal.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest(name = "{0} is {1}, which Docker lists as {2} and pulls as {3} with {4}")
  @CsvSource({
    "busybox, docker.io/library/busybox:latest, busybox:latest, busybox, latest",
    "busybox:1.36, docker.io/library/busybox:1.36, busybox:1.36, busybox, 1.36",
    "grafana/loki, docker.io/grafana/loki:latest, grafana/loki:latest, grafana/loki, latest",
    "docker.io/busybox, docker.io/library/busybox:latest, busybox:latest, busybox, latest",
    "index.docker.io/busybox, docker.io/library/busybox:latest, busybox:latest, busybox, latest",
    "localhost/a, localhost/a:latest, localhost/a:latest, localhost/a, latest",
    "127.0.0.1:5000/a/b:t, 127.0.0.1:5000/a/b:t, 127.0.0.1:5000/a/b:t, 127.0.0.1:5000/a/b, t",
    "[::1]:5000/a, [::1]:5000/a:latest, [::1]:5000/a:latest, [::1]:5000/a, latest",
    "registry.k8s.io/pause:3.10, registry.k8s.io/pause:3.10, registry.k8s.io/pause:3.10,"
        + " registry.k8s.io/pause, 3.10",
  })
  void namesAreFilledInWithDockersDefaults(
      String text, String whole, String familiar, String familiarName, String pulled) {
    ImageReference reference = ImageReference.parse(text);
    assertThat(reference).hasToString(whole);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(reference.familiarName()).isEqualTo(familiarName);
    assertThat(reference.tagOrDigest()).isEqualTo(pulled);
  }

  @Test
  void aDigestWinsOverATag() {
    ImageReference both = ImageReference.parse("quay.io/a/b:v1@" + DIGEST);
    assertThat(both.tagOrDigest()).isEqualTo(DIGEST);
    assertThat(both.familiar()).isEqualTo("quay.io/a/b@" + DIGEST);
    assertThat(both.tag()).contains("v1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "UPPER",
        "a//b",
        "/a",
        "a/",
        "a:",
        "a:-tag",
        "a@sha256:12",
        "a@",
        "a b",
        "a..b",
        "a:t:u",
        "http://registry/a",
        "-a",
        "quay.io/",
        "a\n",
        "ä"
      })
  void whatIsNoReferenceIsRefusedAndNamed(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT))
        .hasMessageContaining("image");
  }

  @Test
  void anIdIsNoName() {
    assertThatThrownBy(() -> ImageReference.parse("0123456789abcdef".repeat(4)))
        .hasMessageContaining("this is an id");
  }

  @Test
  void anyReferenceReadFromItsWholeFormIsTheSame() {
    Random random = new Random(4711);
    for (int i = 0; i < 5000; i++) {
      ImageReference reference = ImageReference.parse(randomReference(random));
      assertThat(ImageReference.parse(reference.toString()).toString())
          .isEqualTo(reference.toString());
      assertThat(ImageReference.parse(reference.familiar()).familiar())
          .isEqualTo(reference.familiar());
    }
  }

  @Test
  void anyTextIsEitherAReferenceOrRefusedWithInvalidArgument() {
    Random random = new Random(815);
    String alphabet = "aZ0:/@.-_ sha256\n[]";
    for (int i = 0; i < 20000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertThat(ImageReference.parse(text.toString()).path()).isNotEmpty();
      } catch (CriException e) {
        assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT);
      }
    }
  }

  private static String randomReference(Random random) {
    String[] registries = {
      "", "localhost/", "quay.io/", "127.0.0.1:5000/", "docker.io/", "[::1]:1/"
    };
    StringBuilder text = new StringBuilder(registries[random.nextInt(registries.length)]);
    int depth = 1 + random.nextInt(3);
    for (int i = 0; i < depth; i++) {
      text.append(i == 0 ? "" : "/").append(i == 0 ? "r" : component(random));
    }
    if (random.nextBoolean()) {
      text.append(":v").append(random.nextInt(100)).append(random.nextBoolean() ? "-rc.1" : "_X");
    }
    if (random.nextInt(4) == 0) {
      text.append('@').append(DIGEST);
    }
    return text.toString();
  }

  private static String component(Random random) {
    String[] separators = {".", "_", "__", "-", "---", ""};
    StringBuilder text = new StringBuilder("r");
    for (int n = random.nextInt(4); n > 0; n--) {
      text.append(separators[random.nextInt(separators.length)]).append((char) ('a' + n));
    }
    return text.toString();
  }
}
