package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a whole engine takes of the disk: on one of its own, where nobody else pulls or writes. */
@EndToEnd(EngineKind.TRANSLATED)
class DiskUsageIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** A folder that was walked is walked again after a minute. */
  private static final Duration RENEWED = Duration.ofSeconds(90);

  private static final long MEBIBYTE = 1 << 20;

  private final Engine engine;

  DiskUsageIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  void images_take_what_their_layers_take_and_a_shared_layer_is_counted_once() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      cri.pull(cri.testImages().busybox().byTag());
      FilesystemUsage one = images(cri);
      assertThat(one.getUsedBytes().getValue())
          .isPositive()
          .isEqualTo(diskUsage(Path.of(one.getFsId().getMountpoint())));

      // The same layers with another label.
      cri.pull(cri.testImages().other().byTag());
      FilesystemUsage two = images(cri);
      assertThat(cri.listImages()).hasSizeGreaterThan(1);
      assertThat(two.getUsedBytes()).isEqualTo(one.getUsedBytes());
      assertThat(two.getInodesUsed()).isEqualTo(one.getInodesUsed());
      assertThat(two.getTimestamp()).isGreaterThan(one.getTimestamp());
    }
  }

  @Test
  @Timeout(180)
  void containers_take_what_they_write() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      var container = cri.runPod().startIdle();
      long before = containers(cri).getUsedBytes().getValue();

      var _ = container.output("dd if=/dev/zero of=/file bs=1M count=10");

      Await.until(
          "10 MiB more are seen",
          RENEWED,
          () -> containers(cri).getUsedBytes().getValue() >= before + 10 * MEBIBYTE);
      assertThat(containers(cri).getUsedBytes().getValue()).isLessThan(before + 11 * MEBIBYTE);
    }
  }

  /** As soon as all layers have been walked. */
  private static FilesystemUsage images(Cri cri) {
    Await.until(
        "the layers have been walked",
        SOON,
        () -> info(cri).getImageFilesystems(0).hasInodesUsed());
    return info(cri).getImageFilesystems(0);
  }

  private static FilesystemUsage containers(Cri cri) {
    return info(cri).getContainerFilesystems(0);
  }

  private static ImageFsInfoResponse info(Cri cri) {
    return cri.images().imageFsInfo(ImageFsInfoRequest.getDefaultInstance());
  }

  /** Bytes on the disk of all layers below Docker's folder of them, on an engine without pods. */
  private static long diskUsage(Path folder) {
    try (Stream<Path> layers = Files.list(folder)) {
      return layers
          .map(layer -> layer.resolve("diff"))
          .filter(Files::isDirectory)
          .mapToLong(layer ->
              Long.parseLong(
                  Command.output("du", "-s", "--block-size=1", layer.toString())
                      .split("\\s", 2)[0]))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
