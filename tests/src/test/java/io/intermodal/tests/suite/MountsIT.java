package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.Device;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.NotOnRkt;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Files and devices of the host in a container. */
@EndToEnd
class MountsIT {
  private final Cri cri;
  private final Node node;

  MountsIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void what_the_container_writes_is_on_the_host() throws IOException {
    Path host = folder();
    Files.writeString(host.resolve("in"), "from the host");
    Container container = with(mount(host));

    assertThat(container.output("cat /data/in")).isEqualTo("from the host");
    assertThat(container.exec("echo from inside > /data/out").getExitCode()).isZero();

    assertThat(host.resolve("out")).hasContent("from inside");
  }

  @Test
  void a_read_only_mount_cannot_be_written() throws IOException {
    Container container = with(mount(folder()).setReadonly(true));

    assertThat(container.exec("touch /data/x").getExitCode()).isNotZero();
  }

  @Test
  void a_single_file_may_be_mounted() throws IOException {
    Path file = Files.writeString(folder().resolve("file"), "one");
    Container container = with(mount(file).setContainerPath("/etc/one-file"));

    assertThat(container.output("cat /etc/one-file")).isEqualTo("one");
  }

  @Test
  void a_folder_of_the_host_that_is_missing_is_made() throws IOException {
    Path missing = folder().resolve("not/yet");
    Container container = with(mount(missing));

    assertThat(container.exec("touch /data/x").getExitCode()).isZero();
    assertThat(missing.resolve("x")).exists();
  }

  @Test
  void a_symbolic_link_of_the_host_is_followed() throws IOException {
    Path target = Files.createDirectories(folder().resolve("target"));
    Files.writeString(target.resolve("in"), "behind the link");
    Path link = Files.createSymbolicLink(target.resolveSibling("link"), target);

    assertThat(with(mount(link)).output("cat /data/in")).isEqualTo("behind the link");
  }

  @Test
  void later_mounts_may_lie_in_earlier_ones() throws IOException {
    Path outer = folder();
    Path inner = folder();
    Files.writeString(inner.resolve("in"), "inner");
    Container container =
        cri.runPod()
            .startIdle(config ->
                config
                    .addMounts(mount(outer))
                    .addMounts(mount(inner).setContainerPath("/data/inner")));

    assertThat(container.output("cat /data/inner/in")).isEqualTo("inner");
  }

  @Test
  void a_private_mount_does_not_see_what_the_host_mounts_later() throws IOException {
    try (SharedFolder shared = new SharedFolder(folder())) {
      Container container = with(mount(shared.path()));

      shared.mountBelow();

      assertThat(container.exec("test -e /data/below/marker").getExitCode()).isNotZero();
    }
  }

  @Test
  @NotOnRkt("shows no mounts that are made later")
  void a_mount_with_host_to_container_propagation_sees_what_the_host_mounts_later()
      throws IOException {
    try (SharedFolder shared = new SharedFolder(folder())) {
      Container container =
          with(mount(shared.path()).setPropagation(MountPropagation.PROPAGATION_HOST_TO_CONTAINER));

      shared.mountBelow();

      assertThat(container.exec("test -e /data/below/marker").getExitCode()).isZero();
    }
  }

  @Test
  void host_to_container_propagation_of_a_folder_that_is_not_shared_is_refused_or_harmless()
      throws IOException {
    Path folder = folder();
    Mount.Builder mount = mount(folder).setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL);

    try {
      assertThat(with(mount).exec("ls /data").getExitCode()).isZero();
    } catch (StatusRuntimeException e) {
      assertThat(e).hasMessageContaining(folder.toString());
    }
  }

  @Test
  @OnlyTranslated("drops a field that it does not know")
  void a_recursive_read_only_mount_is_so_below_or_refused_with_its_name() throws IOException {
    try (SharedFolder shared = new SharedFolder(folder())) {
      shared.mountBelow();
      Mount.Builder mount = mount(shared.path()).setReadonly(true).setRecursiveReadOnly(true);
      Container container;
      try {
        container = with(mount);
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode())
            .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.UNIMPLEMENTED);
        assertThat(e.getMessage()).containsPattern("(?i)recursive");
        throw new TestAbortedException("no recursive read-only mounts: " + e.getStatus(), e);
      }
      assertThat(container.exec("touch /data/below/x").getExitCode()).isNotZero();
    }
  }

  @Test
  void recursive_read_only_without_read_only_is_an_invalid_argument() throws IOException {
    Mount.Builder mount = mount(folder()).setRecursiveReadOnly(true);
    if (!node.ours()) {
      throw new TestAbortedException("older runtimes do not know the field");
    }

    assertThatThrownBy(() -> with(mount))
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void a_volume_of_the_image_is_a_folder_that_can_be_written() {
    Container container =
        node.ran(
            () ->
                cri.runPod()
                    .start(
                        cri.container(cri.testImages().declared())
                            .addCommand("/bin/sh")
                            .addArgs("-c")
                            .addArgs("touch %s/x && echo done".formatted(TestImages.VOLUME))),
            "stdout");

    assertThat(container.log().output("stdout")).isEqualTo("done\n");
  }

  @Test
  void the_status_says_the_mounts_that_were_asked_for() throws IOException {
    Path host = folder();
    Container container = with(mount(host).setReadonly(true));

    assertThat(container.status().getMountsList())
        .filteredOn(mount -> mount.getContainerPath().equals("/data"))
        .singleElement()
        .satisfies(mount -> {
          assertThat(mount.getHostPath()).isEqualTo(host.toString());
          assertThat(mount.getReadonly()).isTrue();
        });
  }

  @Test
  void a_device_of_the_host_is_there_with_its_permissions() {
    // None that every container may use anyway.
    String device =
        Stream.of("/dev/loop-control", "/dev/fuse", "/dev/net/tun")
            .filter(path -> Files.exists(Path.of(path)))
            .findFirst()
            .orElseThrow(
                () -> new TestAbortedException("this host has no device that could be lent"));
    Container container =
        cri.runPod()
            .startIdle(config ->
                config.addDevices(
                    Device.newBuilder()
                        .setHostPath(device)
                        .setContainerPath("/dev/lent")
                        .setPermissions("r")));

    assertThat(container.exec(": < /dev/lent").getExitCode()).isZero();
    assertThat(container.exec(": > /dev/lent").getExitCode()).isNotZero();
  }

  @Test
  void hosts_file_and_shared_memory_are_the_pods() {
    var pod = cri.runPod();
    Container one = pod.startIdle();
    Container two = pod.startIdle();

    assertThat(one.exec("echo seen > /dev/shm/x").getExitCode()).isZero();
    assertThat(two.output("cat /dev/shm/x")).isEqualTo("seen");
    assertThat(one.output("cat /etc/hosts")).contains("localhost");
  }

  private Container with(Mount.Builder mount) {
    return cri.runPod().startIdle(config -> config.addMounts(mount));
  }

  private static Mount.Builder mount(Path host) {
    return Mount.newBuilder().setHostPath(host.toString()).setContainerPath("/data");
  }

  private Path folder() throws IOException {
    return Files.createTempDirectory(node.folder(), "mount-");
  }

  /** A folder of the host that is a shared mount of its own. */
  private record SharedFolder(Path path) implements AutoCloseable {
    SharedFolder {
      Command.output("mount", "-t", "tmpfs", "shared", path.toString());
      Command.output("mount", "--make-shared", path.toString());
    }

    void mountBelow() throws IOException {
      Path below = Files.createDirectories(path.resolve("below"));
      Command.output("mount", "-t", "tmpfs", "below", below.toString());
      Files.writeString(below.resolve("marker"), "");
    }

    @Override
    public void close() {
      var _ = Command.run(List.of("umount", "--lazy", "--recursive", path.toString()));
    }
  }
}
