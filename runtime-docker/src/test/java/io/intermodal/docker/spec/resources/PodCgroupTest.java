package io.intermodal.docker.spec.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.docker.spec.Requested;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCgroupTest {
  private static final LinuxContainerResources NONE = LinuxContainerResources.getDefaultInstance();
  private static final LinuxContainerResources OVERHEAD = resources(102, 10_000, 1000);
  private static final LinuxContainerResources RESOURCES = resources(512, 50_000, 5000);

  @TempDir Path root;

  @Test
  void onVersion1TheSumsReplaceTheLimits() throws IOException {
    Path shares = file("cpu/kubepods/pod1/cpu.shares", "2");
    Path period = file("cpu/kubepods/pod1/cpu.cfs_period_us", "50000");
    Path quota = file("cpu/kubepods/pod1/cpu.cfs_quota_us", "20000");
    Path memory = file("memory/kubepods/pod1/memory.limit_in_bytes", "4096");

    old().change(OVERHEAD, RESOURCES, CgroupSettings.NONE);

    assertThat(shares).hasContent("614");
    assertThat(period).hasContent("100000");
    assertThat(quota).hasContent("60000");
    assertThat(memory).hasContent("6000");
  }

  @Test
  void onVersion2TheSumsReplaceTheLimits() throws IOException {
    Path weight = file("kubepods.slice/kubepods-pod1.slice/cpu.weight", "1\n");
    Path max = file("kubepods.slice/kubepods-pod1.slice/cpu.max", "20000 100000\n");
    Path memory = file("kubepods.slice/kubepods-pod1.slice/memory.max", "4096\n");

    current().change(OVERHEAD, RESOURCES, CgroupSettings.NONE);

    assertThat(weight).hasContent("24");
    assertThat(max).hasContent("60000 100000");
    assertThat(memory).hasContent("6000");
  }

  @Test
  void aLimitThatThePodDoesNotHaveIsNotBroughtIn() throws IOException {
    Path quota = file("cpu/kubepods/pod1/cpu.cfs_quota_us", "-1");
    Path shares = file("cpu/kubepods/pod1/cpu.shares", "614");
    Path memory = file("memory/kubepods/pod1/memory.limit_in_bytes", "9223372036854771712");
    Path max = file("kubepods.slice/kubepods-pod1.slice/cpu.max", "max 100000\n");
    Path weight = file("kubepods.slice/kubepods-pod1.slice/cpu.weight", "24\n");
    Path memoryMax = file("kubepods.slice/kubepods-pod1.slice/memory.max", "max\n");

    old().change(OVERHEAD, RESOURCES, CgroupSettings.NONE);
    current().change(OVERHEAD, RESOURCES, CgroupSettings.NONE);

    assertThat(quota).hasContent("-1");
    assertThat(shares).hasContent("614");
    assertThat(memory).hasContent("9223372036854771712");
    assertThat(max).hasContent("max 100000");
    assertThat(weight).hasContent("24");
    assertThat(memoryMax).hasContent("max");
  }

  @Test
  void whatIsNotSaidStaysWhateverTheOverhead() throws IOException {
    Path shares = file("cpu/kubepods/pod1/cpu.shares", "2");
    Path quota = file("cpu/kubepods/pod1/cpu.cfs_quota_us", "20000");
    Path memory = file("memory/kubepods/pod1/memory.limit_in_bytes", "4096");

    old().change(OVERHEAD, NONE, CgroupSettings.NONE);

    assertThat(shares).hasContent("2");
    assertThat(quota).hasContent("20000");
    assertThat(memory).hasContent("4096");
  }

  @Test
  void aLimitCanBeTakenAway() throws IOException {
    Path max = file("kubepods.slice/kubepods-pod1.slice/cpu.max", "20000 100000\n");
    Path memory = file("kubepods.slice/kubepods-pod1.slice/memory.max", "4096\n");

    current().change(OVERHEAD, resources(0, -1, -1), CgroupSettings.NONE);

    assertThat(max).hasContent("max 100000");
    assertThat(memory).hasContent("max");
  }

  @Test
  void aWeightOfEitherConversionIsTheSameShares() throws IOException {
    Path weight = file("kubepods.slice/kubepods-pod1.slice/cpu.weight", "100");

    current().change(NONE, resources(1024, 0, 0), CgroupSettings.NONE);
    assertThat(weight).hasContent("100");

    current().change(NONE, resources(2048, 0, 0), CgroupSettings.NONE);
    assertThat(weight).hasContent("79");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "2, 1, 1",
    "3, 1, 2",
    "512, 20, 59",
    "1024, 39, 100",
    "262143, 9999, 10000",
    "262144, 10000, 10000",
    "1000000, 10000, 10000"
  })
  void sharesHaveAWeightInEachConversion(long shares, long straight, long curved) {
    assertThat(CpuWeight.ofShares(shares).getFirst()).isEqualTo(straight);
    assertThat(CpuWeight.ofShares(shares).getLast()).isEqualTo(curved);
  }

  @Test
  void filesByNameAndHugePagesAreWrittenToo() throws IOException {
    Path high = file("kubepods.slice/kubepods-pod1.slice/memory.high", "max");
    Path pages = file("kubepods.slice/kubepods-pod1.slice/hugetlb.2MB.max", "max");

    current()
        .change(
            NONE,
            NONE,
            new CgroupSettings(Map.of("memory.high", "5"), Map.of("2MB", "4096", "1GB", "0")));

    assertThat(high).hasContent("5");
    assertThat(pages).hasContent("4096");
    assertThat(pages.resolveSibling("hugetlb.1GB.max")).doesNotExist();
  }

  @Test
  void aCgroupThatIsGoneIsNamed() {
    assertThatThrownBy(() -> old().change(NONE, RESOURCES, CgroupSettings.NONE))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED_PRECONDITION))
        .hasMessageContaining("pod sandbox p1: its cgroup " + root.resolve("cpu/kubepods/pod1"));
  }

  private PodCgroup old() {
    return of(Requested.oldDocker(), "/kubepods/pod1");
  }

  private PodCgroup current() {
    return of(Requested.docker(45), "kubepods-pod1.slice");
  }

  private PodCgroup of(EngineFeatures features, String parent) {
    String path = new CgroupPaths(features.cgroupDriver()).ofPod(parent).orElseThrow();
    return new PodCgroup(features, root, "p1", path);
  }

  private static LinuxContainerResources resources(long shares, long quota, long memory) {
    return LinuxContainerResources.newBuilder()
        .setCpuShares(shares)
        .setCpuQuota(quota)
        .setCpuPeriod(quota == 0 ? 0 : 100_000)
        .setMemoryLimitInBytes(memory)
        .build();
  }

  private Path file(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
