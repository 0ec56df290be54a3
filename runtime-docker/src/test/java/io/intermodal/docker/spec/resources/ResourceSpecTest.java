package io.intermodal.docker.spec.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.UpdateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.HugepageLimit;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.docker.spec.Requested;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceSpecTest {
  private static final EngineFeatures V2 = Requested.docker(45);
  private static final EngineFeatures V1 = Requested.oldDocker();

  @Test
  void whatIsSaidIsSetAndReadBack() {
    LinuxContainerResources wish =
        LinuxContainerResources.newBuilder()
            .setCpuPeriod(100_000)
            .setCpuQuota(50_000)
            .setCpuShares(512)
            .setCpusetCpus("0-1")
            .setCpusetMems("0")
            .setMemoryLimitInBytes(64 << 20)
            .setMemorySwapLimitInBytes(96 << 20)
            .setOomScoreAdj(900)
            .putUnified("memory.oom.group", "1")
            .addHugepageLimits(HugepageLimit.newBuilder().setPageSize("2MB").setLimit(4 << 20))
            .build();
    HostConfig target = new HostConfig();

    CgroupSettings settings = spec(V2).fill(target, wish);

    assertThat(target.getCpuPeriod()).isEqualTo(100_000);
    assertThat(target.getCpuQuota()).isEqualTo(50_000);
    assertThat(target.getCpuShares()).isEqualTo(512);
    assertThat(target.getCpusetCpus()).isEqualTo("0-1");
    assertThat(target.getCpusetMems()).isEqualTo("0");
    assertThat(target.getMemory()).isEqualTo(64 << 20);
    assertThat(target.getMemorySwap()).isEqualTo(96 << 20);
    assertThat(target.getOomScoreAdj()).isEqualTo(900);
    assertThat(settings)
        .isEqualTo(new CgroupSettings(Map.of("memory.oom.group", "1"), Map.of("2MB", "4194304")));
    assertThat(ResourceSpec.read(target, settings)).isEqualTo(wish);
  }

  @Test
  void whatIsNotSaidIsLeftToDocker() {
    HostConfig target = new HostConfig();

    CgroupSettings settings = spec(V1).fill(target, LinuxContainerResources.getDefaultInstance());

    assertThat(target)
        .isEqualTo(new HostConfig().withOomScoreAdj(Requested.HOST.lowestOomScoreAdj()));
    assertThat(settings.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // memory, swap, memory.swap.max, Docker's Memory, Docker's MemorySwap
    "0, 0, , , ",
    "100, 0, , 100, 100",
    "100, 300, , 100, 300",
    "100, -1, , 100, -1",
    "100, 0, 0, 100, 100",
    "100, 0, 50, 100, 150",
    "100, 0, max, 100, -1",
    "100, 300, 50, 100, 300",
    "0, 0, 0, , ",
    "-1, 0, , , "
  })
  void swapIsNoneUnlessAskedFor(
      long memory,
      long swap,
      @Nullable String swapMax,
      @Nullable Long expectedMemory,
      @Nullable Long expectedSwap) {
    HostConfig target = new HostConfig();

    spec(V2).fill(target, memory(memory, swap, swapMax));

    assertThat(target.getMemory()).isEqualTo(expectedMemory);
    assertThat(target.getMemorySwap()).isEqualTo(expectedSwap);
  }

  @ParameterizedTest
  @CsvSource({
    // present memory, memory, swap, memory.swap.max, Docker's Memory, Docker's MemorySwap
    "100, 0, 0, , , ",
    "100, 200, 0, , 200, 200",
    "100, 50, 0, , 50, 50",
    "100, 0, 300, , , 300",
    "100, 0, 0, 20, , 120",
    "100, 200, 0, 20, 200, 220",
    "0, 0, 0, 0, , ",
    "0, -1, 0, , , "
  })
  void anUpdateLeavesWhatIsNotSaid(
      long present,
      long memory,
      long swap,
      @Nullable String swapMax,
      @Nullable Long expectedMemory,
      @Nullable Long expectedSwap) {
    UpdateContainerCmd target = Requested.update();

    spec(V2).update(target, memory(memory, swap, swapMax), new HostConfig().withMemory(present));

    assertThat(target.getMemory()).isEqualTo(expectedMemory);
    assertThat(target.getMemorySwap()).isEqualTo(expectedSwap);
    assertThat(target.getCpuShares()).isNull();
    assertThat(target.getCpuQuota()).isNull();
    assertThat(target.getCpusetCpus()).isNull();
  }

  @Test
  void anUpdateSetsWhatIsSaid() {
    UpdateContainerCmd target = Requested.update();

    CgroupSettings settings =
        spec(V2)
            .update(
                target,
                LinuxContainerResources.newBuilder()
                    .setCpuPeriod(100_000)
                    .setCpuQuota(-1)
                    .setCpuShares(4)
                    .setCpusetCpus("1")
                    .setCpusetMems("0")
                    .putUnified("memory.high", "5")
                    .build(),
                new HostConfig());

    assertThat(target.getCpuPeriod()).isEqualTo(100_000);
    assertThat(target.getCpuQuota()).isEqualTo(-1);
    assertThat(target.getCpuShares()).isEqualTo(4);
    assertThat(target.getCpusetCpus()).isEqualTo("1");
    assertThat(target.getCpusetMems()).isEqualTo("0");
    assertThat(settings.unified()).containsExactly(Map.entry("memory.high", "5"));
  }

  @Test
  void aMemoryLimitCannotBeTakenAway() {
    assertThatThrownBy(() ->
            spec(V2)
                .update(Requested.update(), memory(-1, 0, null), new HostConfig().withMemory(100L)))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNIMPLEMENTED))
        .hasMessageContaining("memory_limit_in_bytes -1");
  }

  @Test
  void sharesAreAtMostTheKernels() {
    HostConfig target = new HostConfig();

    spec(V1).fill(target, LinuxContainerResources.newBuilder().setCpuShares(1L << 40).build());

    assertThat(target.getCpuShares()).isEqualTo(262_144);
  }

  @ParameterizedTest
  @CsvSource({"-997, 100", "0, 100", "100, 100", "999, 999", "5000, 1000"})
  void theOomScoreIsWhatTheHostLets(long wish, int expected) {
    HostConfig target = new HostConfig();

    spec(V1).fill(target, LinuxContainerResources.newBuilder().setOomScoreAdj(wish).build());

    assertThat(target.getOomScoreAdj()).isEqualTo(expected);
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    LinuxContainerResources.Builder none = LinuxContainerResources.newBuilder();

    assertRefused(none.clone().setCpuPeriod(-1), V2, Code.INVALID_ARGUMENT, "cpu_period: -1");
    assertRefused(none.clone().setCpuQuota(-2), V2, Code.INVALID_ARGUMENT, "cpu_quota: -2");
    assertRefused(none.clone().setCpuShares(-1), V2, Code.INVALID_ARGUMENT, "cpu_shares: -1");
    assertRefused(
        none.clone().setMemoryLimitInBytes(-2), V2, Code.INVALID_ARGUMENT, "memory_limit_in_bytes");
    assertRefused(
        none.clone().setMemorySwapLimitInBytes(-2),
        V2,
        Code.INVALID_ARGUMENT,
        "memory_swap_limit_in_bytes");
    assertRefused(
        none.clone().putUnified("../memory.max", "1"),
        V2,
        Code.INVALID_ARGUMENT,
        "unified \"../memory.max\"");
    assertRefused(
        none.clone().putUnified("memory.high", "1"),
        V1,
        Code.UNIMPLEMENTED,
        "unified [memory.high]: these are files of cgroup version 2");
    assertRefused(
        none.clone().addHugepageLimits(HugepageLimit.newBuilder().setPageSize("../x")),
        V2,
        Code.INVALID_ARGUMENT,
        "page size \"../x\"");
  }

  private static void assertRefused(
      LinuxContainerResources.Builder wish, EngineFeatures features, Code code, String message) {
    assertThatThrownBy(() -> spec(features).fill(new HostConfig(), wish.build()))
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private static ResourceSpec spec(EngineFeatures features) {
    return new ResourceSpec(features, Requested.HOST);
  }

  private static LinuxContainerResources memory(long memory, long swap, @Nullable String swapMax) {
    LinuxContainerResources.Builder wish =
        LinuxContainerResources.newBuilder()
            .setMemoryLimitInBytes(memory)
            .setMemorySwapLimitInBytes(swap);
    if (swapMax != null) {
      wish.putUnified("memory.swap.max", swapMax);
    }
    return wish.build();
  }
}
