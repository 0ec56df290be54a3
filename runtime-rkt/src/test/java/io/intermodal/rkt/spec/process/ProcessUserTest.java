package io.intermodal.rkt.spec.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.SupplementalGroupsPolicy;
import io.intermodal.rkt.image.KnownImage;
import io.intermodal.runtime.CriException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUserTest {
  private static final String PASSWD =
      "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:2000::/:/bin/sh\n# comment\n";
  private static final String GROUP = "root:x:0:\nstaff:x:50:web,other\naudio:x:60:web\n";

  @Test
  void without_a_wish_it_is_the_images_user_with_its_groups() {
    assertThat(of(wish(), "web")).isEqualTo(new ProcessUser(1000, 2000, List.of(50L, 60L)));
    assertThat(of(wish(), "")).isEqualTo(new ProcessUser(0, 0, List.of()));
    assertThat(of(wish(), "web:staff")).isEqualTo(new ProcessUser(1000, 50, List.of(50L, 60L)));
    assertThat(of(wish(), "77:88")).isEqualTo(new ProcessUser(77, 88, List.of()));
  }

  @Test
  void a_number_has_the_group_that_the_image_knows_for_it() {
    assertThat(of(wish().setRunAsUser(number(1000)), "").gid()).isEqualTo(2000);
    assertThat(of(wish().setRunAsUser(number(5)), "").gid()).isZero();
  }

  @Test
  void a_group_and_further_groups_are_added_to_what_the_image_says() {
    assertThat(
            of(
                wish().setRunAsUsername("web").setRunAsGroup(number(9)).addSupplementalGroups(1234),
                ""))
        .isEqualTo(new ProcessUser(1000, 9, List.of(50L, 60L, 1234L)));
  }

  @Test
  void the_strict_policy_leaves_the_images_groups_out() {
    assertThat(
            of(
                wish()
                    .setRunAsUsername("web")
                    .setSupplementalGroupsPolicy(SupplementalGroupsPolicy.Strict)
                    .addSupplementalGroups(7),
                ""))
        .isEqualTo(new ProcessUser(1000, 2000, List.of(7L)));
  }

  @Test
  void what_cannot_be_meant_is_refused_before_rkt_is_asked() {
    refused(wish().setRunAsUsername("nobodyknows"));
    refused(wish().setRunAsGroup(number(1)));
    refused(wish().setRunAsUser(number(1)).setRunAsUsername("web"));
    refused(wish().setRunAsUser(number(-1)));
  }

  @Test
  void a_number_that_systemd_takes_for_none_is_refused_before_there_is_an_app() {
    assertThatThrownBy(() -> of(wish(), "65535:65535"))
        .isInstanceOf(CriException.class)
        .hasMessageContaining("65535")
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(CriException.Code.UNIMPLEMENTED);
  }

  @Test
  void rkt_is_given_numbers() {
    assertThat(new ProcessUser(1, 2, List.of(3L, 4L)).flags())
        .containsExactly("--user=1", "--group=2", "--supplementary-gids=3,4");
  }

  private static void refused(LinuxContainerSecurityContext.Builder wish) {
    assertThatThrownBy(() -> of(wish, ""))
        .isInstanceOf(CriException.class)
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(CriException.Code.INVALID_ARGUMENT);
  }

  private static ProcessUser of(LinuxContainerSecurityContext.Builder wish, String imageUser) {
    return ProcessUser.of(
        wish.build(),
        new KnownImage(
            Image.getDefaultInstance(),
            "sha512-1",
            List.of(),
            List.of(),
            imageUser,
            "",
            "",
            PASSWD,
            GROUP));
  }

  private static LinuxContainerSecurityContext.Builder wish() {
    return LinuxContainerSecurityContext.newBuilder();
  }

  private static Int64Value number(long value) {
    return Int64Value.newBuilder().setValue(value).build();
  }
}
