package io.intermodal.server.stats.cgroup.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.runtime.node.Host.Cgroups;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.CpuCounters;
import io.intermodal.server.stats.cgroup.Detail;
import io.intermodal.server.stats.cgroup.DeviceCounters;
import io.intermodal.server.stats.cgroup.DeviceCounters.Directions;
import io.intermodal.server.stats.cgroup.HugePageCounters;
import io.intermodal.server.stats.cgroup.MemoryCounters;
import io.intermodal.server.stats.cgroup.Pressure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionTwoTest {
  private static final CgroupPlace PLACE = new CgroupPlace("kubepods.slice/c1.scope", 0);

  @TempDir Path root;
  private Tree tree;
  private CgroupReader reader;

  @BeforeEach
  void a_container() throws IOException {
    tree = new Tree(root);
    reader =
        Hierarchies.reader(
            Cgroups.V2, root.resolve("cgroup"), root.resolve("proc"), Clock.systemUTC());
    at("kubepods.slice/c1.scope");
  }

  @AfterEach
  void close() {
    reader.close();
  }

  private void at(String path) throws IOException {
    String folder = "cgroup/" + path + "/";
    tree.write(
        folder + "cpu.stat",
        """
        usage_usec 5000
        user_usec 3000
        system_usec 2000
        nr_periods 7
        nr_throttled 3
        throttled_usec 12
        """);
    tree.write(folder + "memory.current", "10485760\n");
    tree.write(
        folder + "memory.stat",
        """
        anon 4194304
        file 6291456
        kernel 65536
        file_mapped 12288
        inactive_file 5242880
        active_file 1048576
        pgfault 300
        pgmajfault 40
        """);
    tree.write(folder + "memory.max", "max\n");
  }

  @Test
  void statistics_have_their_units_converted() {
    CgroupReading reading = reader.read(PLACE, Detail.STATISTICS).orElseThrow();
    assertThat(reading.cpu().orElseThrow().usage()).isEqualTo(5_000_000);
    assertThat(reading.cpu().orElseThrow().throttledTime()).hasValue(12_000);
    MemoryCounters memory = reading.memory().orElseThrow();
    assertThat(memory.workingSet()).isEqualTo(5242880);
    assertThat(memory.limit()).isEmpty();
    assertThat(memory.rss()).hasValue(4194304);
    assertThat(memory.kernel()).hasValue(65536);
    assertThat(memory.swap()).as("without swap accounting").isEmpty();
    assertThat(reading.memoryPressure()).isEmpty();
  }

  @Test
  void limits_swap_and_pressure_are_read_where_they_are() throws IOException {
    tree.write("cgroup/kubepods.slice/c1.scope/memory.max", "20971520\n");
    tree.write("cgroup/kubepods.slice/c1.scope/memory.swap.current", "4096\n");
    tree.write("cgroup/kubepods.slice/c1.scope/memory.swap.max", "8192\n");
    tree.write(
        "cgroup/kubepods.slice/c1.scope/io.pressure",
        "some avg10=0.00 avg60=0.00 avg300=0.10 total=9\n");
    CgroupReading reading = reader.read(PLACE, Detail.STATISTICS).orElseThrow();
    MemoryCounters memory = reading.memory().orElseThrow();
    assertThat(memory.limit()).hasValue(20971520);
    assertThat(memory.swap()).hasValue(4096);
    assertThat(memory.swapLimit()).hasValue(8192);
    assertThat(reading.ioPressure().orElseThrow().some())
        .isEqualTo(new Pressure.Stall(9000, 0, 0, 0.1));
    assertThat(reading.ioPressure().orElseThrow().full()).isEmpty();
  }

  @Test
  void metrics_add_limits_devices_and_events() throws IOException {
    String folder = "cgroup/kubepods.slice/c1.scope/";
    tree.write(folder + "cpu.max", "50000 100000\n");
    tree.write(folder + "cpu.weight", "100\n");
    tree.write(folder + "io.stat", "254:3 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n");
    tree.write(folder + "memory.events", "low 0\nhigh 0\nmax 8\noom 1\noom_kill 1\n");
    tree.write(folder + "pids.current", "5\n");
    tree.write(folder + "pids.max", "100\n");
    tree.write(folder + "hugetlb.1GB.current", "0\n");
    tree.write(folder + "hugetlb.1GB.events", "max 4\n");
    CgroupReading reading = reader.read(PLACE, Detail.METRICS).orElseThrow();
    CpuCounters cpu = reading.cpu().orElseThrow();
    assertThat(cpu.quota()).hasValue(50000);
    assertThat(cpu.period()).hasValue(100000);
    assertThat(cpu.shares()).hasValue(2597);
    OptionalLong none = OptionalLong.empty();
    assertThat(reading.devices())
        .containsExactly(
            new DeviceCounters(
                254,
                3,
                new Directions(
                    OptionalLong.of(1), OptionalLong.of(2), OptionalLong.of(5), none, none),
                new Directions(
                    OptionalLong.of(3), OptionalLong.of(4), OptionalLong.of(6), none, none)));
    assertThat(reading.memory().orElseThrow().limitHits()).hasValue(8);
    assertThat(reading.memory().orElseThrow().oomKills()).hasValue(1);
    assertThat(reading.tasks().threadLimit()).hasValue(100);
    assertThat(reading.hugePages())
        .containsExactly(new HugePageCounters("1GB", 0, none, OptionalLong.of(4)));
  }

  @Test
  void a_quota_of_max_is_none_and_has_a_period() throws IOException {
    tree.write("cgroup/kubepods.slice/c1.scope/cpu.max", "max 100000\n");
    CpuCounters cpu = reader.read(PLACE, Detail.METRICS).orElseThrow().cpu().orElseThrow();
    assertThat(cpu.quota()).isEmpty();
    assertThat(cpu.period()).hasValue(100000);
  }

  @Test
  void a_cgroup_that_is_not_at_its_path_is_found_by_its_process() throws IOException {
    tree.write("proc/43/cgroup", "0::/machine/c2.scope\n");
    at("machine/c2.scope");
    assertThat(reader.read(new CgroupPlace("c2.scope", 43), Detail.STATISTICS)).isPresent();
    assertThat(reader.read(new CgroupPlace("c3.scope", 44), Detail.STATISTICS)).isEmpty();
  }
}
