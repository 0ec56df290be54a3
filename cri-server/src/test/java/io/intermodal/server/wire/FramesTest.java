package io.intermodal.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.MethodDescriptor.MethodType;
import io.intermodal.cri.v1.StopContainerRequest;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  @ParameterizedTest
  @CsvSource({
    "runtime.v1.RuntimeService/Version, UNARY",
    "runtime.v1alpha2.RuntimeService/Version, UNARY",
    "runtime.v1.RuntimeService/GetContainerEvents, SERVER_STREAMING",
    "runtime.v1.ImageService/PullImage, UNARY",
    // The service of another, a version of the future, and an RPC of the future.
    "runtime.v1.RuntimeService/PullImage, UNKNOWN",
    "runtime.v2.RuntimeService/Version, UNKNOWN",
    "runtime.v1.RuntimeService/OfTheFuture, UNKNOWN",
  })
  void a_method_is_of_the_type_that_the_contract_says(String name, MethodType type) {
    assertThat(Frames.method(name).getType()).isEqualTo(type);
    assertThat(Frames.method(name).getFullMethodName()).isEqualTo(name);
  }

  @Test
  void an_rpc_of_the_contract_is_found_by_its_bare_name() {
    assertThat(Frames.rpc("PullImage").getFullMethodName())
        .isEqualTo("runtime.v1.ImageService/PullImage");
    assertThatThrownBy(() -> Frames.rpc("OfTheFuture"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OfTheFuture");
  }

  @Test
  void bytes_stay_bytes() {
    byte[] garbage = {-1, 0, 1};
    var method = Frames.rpc("Version");

    assertThat(method.parseRequest(method.streamRequest(garbage))).isEqualTo(garbage);
    assertThat(method.parseResponse(new ByteArrayInputStream(garbage))).isEqualTo(garbage);
  }

  @ParameterizedTest
  @CsvSource({
    "runtime.v1.RuntimeService/Version, runtime.v1alpha2.RuntimeService/Version",
    "runtime.v1alpha2.RuntimeService/Version, runtime.v1alpha2.RuntimeService/Version",
    "RuntimeService/Version, runtime.v1alpha2.RuntimeService/Version",
  })
  void a_name_is_put_into_a_version(String name, String named) {
    assertThat(CriVersion.V1ALPHA2.named(name)).isEqualTo(named);
    assertThat(CriVersion.of(named)).contains(CriVersion.V1ALPHA2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runtime.v2.RuntimeService/Version", "runtime.v10.A/B", "A/B", ""})
  void other_names_are_of_no_version(String name) {
    assertThat(CriVersion.of(name)).isEmpty();
  }

  @Test
  void a_request_can_be_read_for_the_log() {
    StopContainerRequest request =
        StopContainerRequest.newBuilder().setContainerId("c1").setTimeout(5).build();

    assertThat(Requests.message("StopContainer", request.toByteArray())).contains(request);
    assertThat(Requests.message("OfTheFuture", request.toByteArray())).isEmpty();
    assertThat(Requests.message("StopContainer", new byte[] {10, 99})).isEmpty();
  }
}
