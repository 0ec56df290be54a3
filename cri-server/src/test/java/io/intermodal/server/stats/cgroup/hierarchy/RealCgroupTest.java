package io.intermodal.server.stats.cgroup.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intermodal.runtime.node.Host.Cgroups;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.Detail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only the kernel itself can show: files kept open of a cgroup that goes. */
class RealCgroupTest {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final String name = "intermodal-test-" + UUID.randomUUID();
  private final List<Path> made = new ArrayList<>();
  private final Cgroups version =
      Files.exists(ROOT.resolve("cgroup.controllers")) ? Cgroups.V2 : Cgroups.V1;
  private final CgroupReader reader =
      Hierarchies.reader(version, ROOT, Path.of("/proc"), Clock.systemUTC());

  @BeforeEach
  void make() throws IOException {
    for (String controller : version == Cgroups.V2 ? List.of("") : List.of("cpuacct", "memory")) {
      Path parent = ROOT.resolve(controller);
      assumeTrue(Files.isWritable(parent), "no cgroup can be made in " + parent);
      made.add(Files.createDirectory(parent.resolve(name)));
    }
  }

  @AfterEach
  void remove() throws IOException {
    reader.close();
    for (Path folder : made) {
      Files.deleteIfExists(folder);
    }
  }

  @Test
  void a_cgroup_that_went_between_two_readings_has_none_and_one_made_again_has()
      throws IOException {
    CgroupPlace place = new CgroupPlace(name, 0);
    assertThat(reader.read(place, Detail.STATISTICS)).isPresent();
    assertThat(reader.read(place, Detail.STATISTICS)).isPresent();
    for (Path folder : made) {
      Files.delete(folder);
    }
    assertThat(reader.read(place, Detail.STATISTICS)).isEmpty();
    for (Path folder : made) {
      Files.createDirectory(folder);
    }
    assertThat(reader.read(place, Detail.STATISTICS).orElseThrow().cpu()).isPresent();
  }
}
