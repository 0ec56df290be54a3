package io.intermodal.docker.spec.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.SupplementalGroupsPolicy;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessUserTest {

  @ParameterizedTest
  @CsvSource({
    // uid, name, gid, policy, Docker's user
    ", '', , Merge, ",
    "0, '', , Merge, 0",
    "1000, '', , Merge, 1000",
    "1000, '', 3000, Merge, 1000:3000",
    "1000, '', 3000, Strict, 1000:3000",
    ", bob, , Merge, bob",
    ", bob, 0, Merge, bob:0",
    "4294967294, '', , Merge, 4294967294"
  })
  void aUserIsWrittenWithItsGroup(
      @Nullable Long uid,
      String name,
      @Nullable Long gid,
      SupplementalGroupsPolicy policy,
      @Nullable String expected) {
    assertThat(of(uid, name, gid, List.of(), policy).user())
        .isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void additionalGroupsAreNumbers() {
    assertThat(of(null, "", null, List.of(5L, 6L), SupplementalGroupsPolicy.Merge).groups())
        .containsExactly("5", "6");
  }

  @ParameterizedTest
  @CsvSource({
    "1, bob, , Merge, INVALID_ARGUMENT, exclude each other",
    ", '', 5, Merge, INVALID_ARGUMENT, run_as_group 5 needs",
    "-1, '', , Merge, INVALID_ARGUMENT, run_as_user: -1",
    "4294967295, '', , Merge, INVALID_ARGUMENT, run_as_user: 4294967295",
    "1, '', -5, Merge, INVALID_ARGUMENT, run_as_group: -5",
    ", bob:0, , Merge, INVALID_ARGUMENT, a name has no colon",
    "1, '', , Strict, UNIMPLEMENTED, supplemental_groups_policy Strict"
  })
  void whatCannotBeIsRefused(
      @Nullable Long uid,
      String name,
      @Nullable Long gid,
      SupplementalGroupsPolicy policy,
      Code code,
      String message) {
    assertThatThrownBy(() -> of(uid, name, gid, List.of(), policy))
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private static ProcessUser of(
      @Nullable Long uid,
      String name,
      @Nullable Long gid,
      List<Long> groups,
      SupplementalGroupsPolicy policy) {
    return ProcessUser.of(number(uid), name, number(gid), groups, policy);
  }

  private static Optional<Int64Value> number(@Nullable Long value) {
    return Optional.ofNullable(value).map(n -> Int64Value.newBuilder().setValue(n).build());
  }
}
