package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.CheckpointContainerRequest;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The state of a running container as a file, where the engine can make one. */
@EndToEnd(EngineKind.TRANSLATED)
class CheckpointIT {
  private final Cri cri;
  private final Node node;

  CheckpointIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void a_checkpoint_holds_processes_and_files_and_the_container_goes_on() throws IOException {
    Path archive = folder().resolve("c.tar");
    Container container = cri.runPod().startIdle();
    assertThat(container.exec("echo changed > /root-file").getExitCode()).isZero();

    try {
      checkpoint(container, archive.toString());
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode())
          .isIn(Status.Code.UNIMPLEMENTED, Status.Code.FAILED_PRECONDITION);
      assertThat(e).hasMessageContaining("criu").hasMessageContaining(container.id());
      assertThat(archive.getParent()).isEmptyDirectory();
      throw new TestAbortedException("this engine makes no checkpoints: " + e.getStatus(), e);
    }

    assertThat(Command.output("tar", "--list", "--file=" + archive))
        .contains("checkpoint/pages-1.img", "config.dump", "spec.dump", "rootfs-diff.tar");
    assertThat(archive.getParent()).isDirectoryNotContaining(path -> !path.equals(archive));
    assertThat(container.state()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    assertThat(container.output("cat /root-file")).isEqualTo("changed");
  }

  @Test
  void a_location_that_is_no_absolute_path_is_an_invalid_argument() {
    Container container = cri.runPod().startIdle();

    assertRefused(container, "", Status.Code.INVALID_ARGUMENT, "location");
    assertRefused(container, "c.tar", Status.Code.INVALID_ARGUMENT, "\"c.tar\"");
  }

  @Test
  void a_file_that_exists_is_not_written_over() throws IOException {
    Path existing = Files.writeString(folder().resolve("c.tar"), "kept");
    Container container = cri.runPod().startIdle();

    assertRefused(container, existing.toString(), Status.Code.ALREADY_EXISTS, existing.toString());

    assertThat(existing).hasContent("kept");
  }

  @Test
  void a_container_that_does_not_run_is_a_failed_precondition() throws IOException {
    Container container = cri.runPod().start("true");
    container.awaitExit();

    assertRefused(
        container,
        folder().resolve("c.tar").toString(),
        Status.Code.FAILED_PRECONDITION,
        container.id());
  }

  private static void assertRefused(
      Container container, String location, Status.Code code, String message) {
    assertThatThrownBy(() -> checkpoint(container, location))
        .hasMessageContaining(message)
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(code);
  }

  private static void checkpoint(Container container, String location) {
    var _ =
        container
            .cri()
            .runtime()
            .checkpointContainer(
                CheckpointContainerRequest.newBuilder()
                    .setContainerId(container.id())
                    .setLocation(location)
                    .setTimeout(60)
                    .build());
  }

  private Path folder() throws IOException {
    return Files.createTempDirectory(node.folder(), "checkpoint-");
  }
}
