package io.intermodal.docker.spec.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.Capability;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilitiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // add | drop | Docker's add | Docker's drop
        "''            | ''        | []                | []",
        "CHOWN         | NET_RAW   | [CHOWN]           | [NET_RAW]",
        "CAP_SYS_TIME  | CAP_KILL  | [SYS_TIME]        | [KILL]",
        "cap_sys_time  | kill      | [SYS_TIME]        | [KILL]",
        "ALL           | NET_RAW   | [ALL]             | [NET_RAW]",
        "NET_ADMIN     | ALL       | [NET_ADMIN]       | [ALL]",
        "ALL,NET_ADMIN | ALL       | [NET_ADMIN]       | [ALL]",
        "NET_ADMIN     | NET_ADMIN | []                | [NET_ADMIN]",
        "BPF,PERFMON   | all       | [BPF, PERFMON]    | [ALL]"
      })
  void additionsAndRemovalsMeanWhatCriMeans(
      String add, String drop, String expectedAdd, String expectedDrop) {
    Capabilities capabilities = of(add, drop);

    assertThat(capabilities.add()).hasToString(expectedAdd);
    assertThat(capabilities.drop()).hasToString(expectedDrop);
  }

  @Test
  void whatIsNoCapabilityIsRefused() {
    assertThatThrownBy(() -> of("CAP_FOO", ""))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT))
        .hasMessage("add_capabilities: \"CAP_FOO\" is not a capability");
    assertThatThrownBy(() -> of("", "sys time"))
        .hasMessage("drop_capabilities: \"sys time\" is not a capability");
  }

  @Test
  void ambientCapabilitiesAreRefused() {
    assertThatThrownBy(() ->
            Capabilities.of(Capability.newBuilder().addAddAmbientCapabilities("NET_RAW").build()))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNIMPLEMENTED))
        .hasMessageContaining("[NET_RAW]");
  }

  private static Capabilities of(String add, String drop) {
    return Capabilities.of(
        Capability.newBuilder()
            .addAllAddCapabilities(list(add))
            .addAllDropCapabilities(list(drop))
            .build());
  }

  private static List<String> list(String names) {
    return names.isEmpty() ? List.of() : List.of(names.split(",", -1));
  }
}
