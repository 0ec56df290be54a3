package io.intermodal.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.server.ScriptedConnection;
import io.intermodal.server.logging.Logging;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads what the server really wrote. */
@Timeout(60)
class RequestLogTest {
  private static final PullImageRequest PULL =
      PullImageRequest.newBuilder()
          .setImage(ImageSpec.newBuilder().setImage("example.org/app:1"))
          .setAuth(
              AuthConfig.newBuilder()
                  .setUsername("user")
                  .setPassword("secret-password")
                  .setAuth("secret-auth")
                  .setIdentityToken("secret-identity")
                  .setRegistryToken("secret-registry"))
          .build();

  @TempDir Path folder;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @AfterEach
  void giveTheLogBack() {
    Logging.start("info", "text", System.err);
  }

  @Test
  void at_debug_each_request_is_one_line() throws Exception {
    List<String> lines = logOf("debug");

    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .matches(
            "ts=\\S+Z level=debug logger=RequestLog msg=\"request\" code=OK duration=\\d+\\.\\dms"
                + " engine=scripted object=example.org/app:1 rpc=PullImage");
    assertThat(lines.get(1))
        .contains("level=debug")
        .contains("msg=\"request: no such container\" code=NOT_FOUND")
        .contains("object=gone rpc=StopContainer");
    assertThat(lines.get(2))
        .contains("level=warn")
        .contains("msg=\"request: the engine said \\\"no\\\"\" code=UNKNOWN")
        .contains("object=bad rpc=StopContainer");
  }

  @Test
  void at_info_only_requests_that_failed_without_their_own_fault_are_logged() throws Exception {
    assertThat(logOf("info"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("level=warn", "code=UNKNOWN", "object=bad"));
  }

  @Test
  void at_trace_requests_are_shown_without_secrets() throws Exception {
    List<String> lines = logOf("trace");

    assertThat(lines).anyMatch(line -> line.contains("example.org/app:1") && line.contains("user"));
    assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain("secret-");
  }

  @Test
  void the_text_of_a_message_hides_secrets_and_is_bounded() {
    assertThat(MessageText.of(PULL)).contains("example.org/app:1").doesNotContain("secret-");
    assertThat(
            MessageText.of(
                StopContainerRequest.newBuilder().setContainerId("x".repeat(9999)).build()))
        .hasSize(4096)
        .endsWith("…");
  }

  static Stream<Arguments> objects() {
    PodSandboxConfig pod =
        PodSandboxConfig.newBuilder()
            .setMetadata(PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop"))
            .build();
    ContainerConfig container =
        ContainerConfig.newBuilder()
            .setMetadata(ContainerMetadata.newBuilder().setName("app"))
            .build();
    return Stream.of(
        Arguments.of(ContainerStatusRequest.newBuilder().setContainerId("c1").build(), "c1"),
        Arguments.of(StopPodSandboxRequest.newBuilder().setPodSandboxId("p1").build(), "p1"),
        Arguments.of(
            CreateContainerRequest.newBuilder()
                .setPodSandboxId("p1")
                .setConfig(container)
                .setSandboxConfig(pod)
                .build(),
            "p1"),
        Arguments.of(RunPodSandboxRequest.newBuilder().setConfig(pod).build(), "shop/web"),
        Arguments.of(PULL, "example.org/app:1"),
        Arguments.of(RunPodSandboxRequest.getDefaultInstance(), ""),
        Arguments.of(ListContainersRequest.getDefaultInstance(), ""));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("objects")
  void a_request_is_about_a_container_a_sandbox_an_image_or_a_pod(Message request, String object) {
    assertThat(RequestObject.of(request)).isEqualTo(object);
  }

  /** A pull that succeeds, a stop of what is gone, a stop that the engine fails. */
  private List<String> logOf(String level) throws Exception {
    ScriptedConnection engine =
        new ScriptedConnection() {
          @Override
          public PullImageResponse pullImage(PullImageRequest request, Call call) {
            return PullImageResponse.newBuilder().setImageRef("sha256:1").build();
          }

          @Override
          public StopContainerResponse stopContainer(StopContainerRequest request, Call call) {
            if (request.getContainerId().equals("gone")) {
              throw CriException.notFound("no such container");
            }
            throw new CriException(CriException.Code.UNKNOWN, "the engine said \"no\"");
          }
        };
    Logging.start(level, "text", new PrintStream(written, true, StandardCharsets.UTF_8));
    try (ServedScript served = ServedScript.at(folder.resolve("cri.sock"), engine)) {
      var _ = served.client().images().pullImage(PULL);
      for (String id : List.of("gone", "bad")) {
        StopContainerRequest stop = StopContainerRequest.newBuilder().setContainerId(id).build();
        assertThatThrownBy(() -> served.client().runtime().stopContainer(stop))
            .isInstanceOf(StatusRuntimeException.class);
      }
    }
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
