package io.intermodal.docker.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.docker.api.ApiVersion;
import io.intermodal.docker.api.EngineFacts;
import io.intermodal.docker.spec.Requested;
import io.intermodal.runtime.node.statistics.FolderSizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritableLayersTest {
  @TempDir Path root;
  private final Map<Path, FolderSizes.FolderUse> walked = new HashMap<>();

  @Test
  void theFolderIsTheOneThatDockerNoted() throws IOException {
    note("c1", "abc");

    WritableLayers layers = layers("overlay2");

    assertThat(layers.of("c1")).contains(root.resolve("overlay2/abc/diff"));
    assertThat(layers.of("c2")).isEmpty();
  }

  @Test
  void theSumIsOfThoseThatWereWalked() throws IOException {
    note("c1", "one");
    note("c2", "two");
    note("c3", "not-yet");
    walked.put(root.resolve("overlay2/one/diff"), new FolderSizes.FolderUse(100, 2, 1));
    walked.put(root.resolve("overlay2/two/diff"), new FolderSizes.FolderUse(30, 1, 1));

    assertThat(layers("overlay2").useOf(List.of("c1", "c2", "c3", "gone")))
        .isEqualTo(new WritableLayers.Use(130, 3));
  }

  @Test
  void whatIsForgottenIsForgottenByTheWalkerToo() throws IOException {
    note("c1", "one");
    Path folder = root.resolve("overlay2/one/diff");
    walked.put(folder, new FolderSizes.FolderUse(100, 2, 1));
    WritableLayers layers = layers("overlay2");
    assertThat(layers.of("c1")).isPresent();
    Files.delete(root.resolve("image/overlay2/layerdb/mounts/c1/mount-id"));

    layers.forget("c1");

    assertThat(walked).isEmpty();
    assertThat(layers.of("c1")).isEmpty();
  }

  @Test
  void anotherStorageDriverHasNoSuchFolders() throws IOException {
    note("c1", "one");

    assertThat(layers("overlayfs").of("c1")).isEmpty();
  }

  private void note(String id, String layer) throws IOException {
    Path folder = root.resolve("image/overlay2/layerdb/mounts").resolve(id);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("mount-id"), layer);
  }

  private WritableLayers layers(String driver) {
    EngineState engine = new EngineState();
    engine.learned(
        new EngineFacts(
            "20.10.24", new ApiVersion(1, 41), Requested.oldDocker(), root, driver, "6.1"));
    return new WritableLayers(engine, new Walked());
  }

  private final class Walked implements FolderSizes {
    @Override
    public Optional<FolderUse> of(Path folder) {
      return Optional.ofNullable(walked.get(folder));
    }

    @Override
    public Optional<FolderUse> ofUnchanging(Path folder) {
      throw new AssertionError("writable layers change");
    }

    @Override
    public void forget(Path folder) {
      walked.remove(folder);
    }
  }
}
