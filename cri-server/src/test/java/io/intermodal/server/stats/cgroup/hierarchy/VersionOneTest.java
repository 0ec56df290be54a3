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
import io.intermodal.server.stats.cgroup.TaskCounters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionOneTest {
  private static final CgroupPlace PLACE = new CgroupPlace("kubepods/pod1/c1", 42);

  @TempDir Path root;
  private Tree tree;
  private CgroupReader reader;

  @BeforeEach
  void a_container_without_limits() throws IOException {
    tree = new Tree(root);
    reader =
        Hierarchies.reader(
            Cgroups.V1,
            root.resolve("cgroup"),
            root.resolve("proc"),
            Clock.fixed(Instant.ofEpochSecond(1000, 7), ZoneOffset.UTC));
    at("kubepods/pod1/c1", "5000000123");
  }

  @AfterEach
  void close() {
    reader.close();
  }

  private void at(String path, String usage) throws IOException {
    tree.write("cgroup/cpuacct/" + path + "/cpuacct.usage", usage + "\n");
    tree.write("cgroup/memory/" + path + "/memory.usage_in_bytes", "10485760\n");
    tree.write(
        "cgroup/memory/" + path + "/memory.stat",
        """
        cache 1
        rss 2
        pgfault 3
        pgmajfault 4
        inactive_file 5
        hierarchical_memory_limit 8589934592
        hierarchical_memsw_limit 9223372036854771712
        total_cache 6291456
        total_rss 4194304
        total_rss_huge 9
        total_mapped_file 12288
        total_swap 8192
        total_pgfault 300
        total_pgmajfault 40
        total_inactive_file 5242880
        total_active_file 1048576
        """);
  }

  private void limits(String memory, String together) throws IOException {
    String folder = "cgroup/memory/kubepods/pod1/c1/";
    tree.write(folder + "memory.limit_in_bytes", memory + "\n");
    tree.write(folder + "memory.memsw.limit_in_bytes", together + "\n");
  }

  private CgroupReading read(Detail detail) {
    return reader.read(PLACE, detail).orElseThrow();
  }

  @Test
  void statistics_are_those_of_the_cgroup_and_what_is_below_it() {
    CgroupReading reading = read(Detail.STATISTICS);
    assertThat(reading.readAt()).isEqualTo(1_000_000_000_007L);
    assertThat(reading.cpu().orElseThrow().usage()).isEqualTo(5000000123L);
    MemoryCounters memory = reading.memory().orElseThrow();
    assertThat(memory.usage()).isEqualTo(10485760);
    assertThat(memory.workingSet()).isEqualTo(5242880);
    assertThat(memory.rss()).hasValue(4194304);
    assertThat(memory.pageFaults()).hasValue(300);
    assertThat(memory.majorPageFaults()).hasValue(40);
    assertThat(memory.ownPageFaults()).hasValue(3);
    assertThat(memory.swap()).hasValue(8192);
  }

  @Test
  void the_kernels_largest_number_is_no_limit_whatever_holds_above() throws IOException {
    limits("9223372036854771712", "9223372036854771712");
    MemoryCounters memory = read(Detail.STATISTICS).memory().orElseThrow();
    assertThat(memory.limit()).isEmpty();
    assertThat(memory.swapLimit()).isEmpty();
  }

  @Test
  void the_limit_of_swap_is_what_the_common_limit_leaves() throws IOException {
    tree.write("cgroup/memory/kubepods/pod1/c1/memory.stat", "pgfault 3\n");
    limits("1000", "1500");
    MemoryCounters memory = read(Detail.STATISTICS).memory().orElseThrow();
    assertThat(memory.limit()).hasValue(1000);
    assertThat(memory.swapLimit()).hasValue(500);
    assertThat(memory.swap()).as("without swap accounting there is no number").isEmpty();
  }

  @Test
  void a_second_reading_sees_what_changed() throws IOException {
    assertThat(read(Detail.STATISTICS).cpu().orElseThrow().usage()).isEqualTo(5000000123L);
    tree.write("cgroup/cpuacct/kubepods/pod1/c1/cpuacct.usage", "6000000456\n");
    assertThat(read(Detail.STATISTICS).cpu().orElseThrow().usage()).isEqualTo(6000000456L);
  }

  @Test
  void pressure_comes_from_the_unified_hierarchy_of_a_hybrid() throws IOException {
    assertThat(read(Detail.STATISTICS).cpuPressure()).isEmpty();
    reader.close();
    tree.write(
        "cgroup/unified/kubepods/pod1/c1/cpu.pressure",
        """
        some avg10=1.50 avg60=0.07 avg300=12.00 total=123456
        full avg10=0.25 avg60=0.00 avg300=0.01 total=7
        """);
    Pressure pressure = read(Detail.STATISTICS).cpuPressure().orElseThrow();
    assertThat(pressure.some()).isEqualTo(new Pressure.Stall(123456000, 1.5, 0.07, 12));
    assertThat(pressure.full()).contains(new Pressure.Stall(7000, 0.25, 0, 0.01));
  }

  @Test
  void metrics_add_limits_devices_and_tasks() throws IOException {
    String path = "/kubepods/pod1/c1/";
    tree.write("cgroup/cpuacct" + path + "cpuacct.usage_user", "3000\n");
    tree.write("cgroup/cpuacct" + path + "cpuacct.usage_sys", "2000\n");
    tree.write(
        "cgroup/cpu" + path + "cpu.stat", "nr_periods 7\nnr_throttled 3\nthrottled_time 99\n");
    tree.write("cgroup/cpu" + path + "cpu.cfs_quota_us", "-1\n");
    tree.write("cgroup/cpu" + path + "cpu.cfs_period_us", "100000\n");
    tree.write("cgroup/cpu" + path + "cpu.shares", "512\n");
    tree.write("cgroup/memory" + path + "memory.failcnt", "11\n");
    tree.write(
        "cgroup/memory" + path + "memory.oom_control",
        "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    tree.write("cgroup/pids" + path + "pids.current", "5\n");
    tree.write("cgroup/pids" + path + "pids.max", "max\n");
    tree.write(
        "cgroup/blkio" + path + "blkio.throttle.io_service_bytes_recursive",
        """
        8:16 Read 4096
        8:16 Write 8192
        8:16 Sync 1
        8:16 Async 2
        8:16 Total 12288
        Total 12288
        """);
    tree.write(
        "cgroup/blkio" + path + "blkio.throttle.io_serviced_recursive",
        "8:16 Read 1\n8:16 Write 2\n8:16 Discard 0\nTotal 3\n");
    tree.write("cgroup/hugetlb" + path + "hugetlb.2MB.usage_in_bytes", "2097152\n");
    tree.write("cgroup/hugetlb" + path + "hugetlb.2MB.rsvd.usage_in_bytes", "0\n");
    CgroupReading reading = read(Detail.METRICS);
    CpuCounters cpu = reading.cpu().orElseThrow();
    assertThat(cpu.user()).hasValue(3000);
    assertThat(cpu.system()).hasValue(2000);
    assertThat(cpu.throttledPeriods()).hasValue(3);
    assertThat(cpu.throttledTime()).hasValue(99);
    assertThat(cpu.quota()).as("-1 is no limit").isEmpty();
    assertThat(cpu.period()).hasValue(100000);
    assertThat(cpu.shares()).hasValue(512);
    assertThat(reading.memory().orElseThrow().limitHits()).hasValue(11);
    assertThat(reading.memory().orElseThrow().oomKills()).hasValue(2);
    assertThat(reading.tasks())
        .isEqualTo(new TaskCounters(OptionalLong.of(5), OptionalLong.empty()));
    OptionalLong none = OptionalLong.empty();
    assertThat(reading.devices())
        .containsExactly(
            new DeviceCounters(
                8,
                16,
                new Directions(
                    OptionalLong.of(4096),
                    OptionalLong.of(8192),
                    none,
                    OptionalLong.of(1),
                    OptionalLong.of(2)),
                new Directions(
                    OptionalLong.of(1), OptionalLong.of(2), OptionalLong.of(0), none, none)));
    assertThat(reading.hugePages())
        .containsExactly(new HugePageCounters("2MB", 2097152, none, none));
  }

  @Test
  void a_cgroup_that_is_not_at_its_path_is_found_by_its_process() throws IOException {
    tree.write(
        "proc/43/cgroup",
        "9:memory:/machine/kubepods/pod1/c2\n2:cpu,cpuacct:/machine/kubepods/pod1/c2\n0::/\n");
    at("machine/kubepods/pod1/c2", "77");
    CgroupPlace elsewhere = new CgroupPlace("kubepods/pod1/c2", 43);
    CgroupReading reading = reader.read(elsewhere, Detail.STATISTICS).orElseThrow();
    assertThat(reading.cpu().orElseThrow().usage()).isEqualTo(77);
    assertThat(reading.memory()).isPresent();
  }

  @Test
  void a_process_in_the_root_is_not_counted_as_the_whole_host() throws IOException {
    tree.write("proc/43/cgroup", "9:memory:/\n2:cpu,cpuacct:/\n0::/\n");
    tree.write("cgroup/cpuacct/cpuacct.usage", "77\n");
    assertThat(reader.read(new CgroupPlace("kubepods/pod1/c2", 43), Detail.STATISTICS)).isEmpty();
  }

  @Test
  void a_cgroup_that_is_nowhere_has_no_reading() {
    CgroupPlace gone = new CgroupPlace("kubepods/pod1/gone", 44);
    assertThat(reader.read(gone, Detail.METRICS)).isEmpty();
    assertThat(reader.processes(gone)).isEmpty();
  }

  @Test
  void processes_of_cgroups_below_count_too() throws IOException {
    tree.write("cgroup/memory/kubepods/pod1/c1/cgroup.procs", "42\n43\n");
    tree.write("cgroup/memory/kubepods/pod1/c1/inner/cgroup.procs", "44\n");
    assertThat(reader.processes(PLACE)).containsExactlyInAnyOrder(42L, 43L, 44L);
  }
}
