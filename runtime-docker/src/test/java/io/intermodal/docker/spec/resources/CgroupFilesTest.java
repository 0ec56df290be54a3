package io.intermodal.docker.spec.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

class CgroupFilesTest {
  private static final CgroupSettings OOM_GROUP =
      new CgroupSettings(Map.of("memory.oom.group", "1"), Map.of());
  private static final CgroupSettings HUGEPAGES =
      new CgroupSettings(Map.of(), Map.of("2MB", "4096"));
  @TempDir Path cgroup;
  @TempDir Path proc;

  @Test
  void withSystemdTheScopeLiesInItsSlices() throws IOException {
    Path file =
        file(
            "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/docker-c1.scope/memory.oom.group");

    files(Requested.docker(45))
        .write("c1", "kubepods-burstable-pod1.slice", CgroupFilesTest::notNeeded, OOM_GROUP);

    assertThat(file).hasContent("1");
  }

  @Test
  void withoutAParentTheScopeLiesInTheSystemSlice() throws IOException {
    Path file = file("system.slice/docker-c1.scope/memory.oom.group");

    files(Requested.docker(45)).write("c1", "", CgroupFilesTest::notNeeded, OOM_GROUP);

    assertThat(file).hasContent("1");
  }

  @Test
  void withoutSystemdTheGroupLiesInItsParent() throws IOException {
    Path inParent = file("hugetlb/kubepods/pod1/c1/hugetlb.2MB.limit_in_bytes");
    Path inDockers = file("hugetlb/docker/c2/hugetlb.2MB.limit_in_bytes");

    files(Requested.oldDocker())
        .write("c1", "/kubepods/pod1", CgroupFilesTest::notNeeded, HUGEPAGES);
    files(Requested.oldDocker()).write("c2", "", CgroupFilesTest::notNeeded, HUGEPAGES);

    assertThat(inParent).hasContent("4096");
    assertThat(inDockers).hasContent("4096");
  }

  @Test
  void hugePagesHaveAFileOfTheirOwnInVersion2() throws IOException {
    Path file = file("system.slice/docker-c1.scope/hugetlb.2MB.max");

    files(Requested.docker(45)).write("c1", "", CgroupFilesTest::notNeeded, HUGEPAGES);

    assertThat(file).hasContent("4096");
  }

  @Test
  void aGroupElsewhereIsFoundByTheProcess() throws IOException {
    Path unified = file("nested/docker/c1/memory.oom.group");
    Path hugetlb = file("hugetlb/nested/docker/c1/hugetlb.2MB.limit_in_bytes");
    Files.createDirectory(proc.resolve("4711"));
    Files.writeString(
        proc.resolve("4711/cgroup"),
        """
        5:cpu,hugetlb:/nested/docker/c1
        4:memory:/other
        0::/nested/docker/c1
        """);

    files(Requested.docker(45)).write("c1", "", () -> 4711, OOM_GROUP);
    files(Requested.oldDocker()).write("c1", "", () -> 4711, HUGEPAGES);

    assertThat(unified).hasContent("1");
    assertThat(hugetlb).hasContent("4096");
  }

  @Test
  void anEndedContainerNeedsNoLimits() {
    assertThatCode(() -> files(Requested.docker(45)).write("c1", "", () -> 0, OOM_GROUP))
        .doesNotThrowAnyException();
    assertThatCode(() -> files(Requested.docker(45)).write("c1", "", () -> 4711, OOM_GROUP))
        .doesNotThrowAnyException();
  }

  @Test
  void aHostWithoutHugePageAccountingIsLetPass() throws IOException {
    Path other = file("system.slice/docker-c1.scope/memory.max");

    files(Requested.docker(45)).write("c1", "", CgroupFilesTest::notNeeded, HUGEPAGES);

    assertThat(other.resolveSibling("hugetlb.2MB.max")).doesNotExist();
  }

  @Test
  void aFileThatTheKernelDoesNotTakeIsNamed() throws IOException {
    Path folder = file("system.slice/docker-c1.scope/memory.high/in-the-way").getParent();

    assertThatThrownBy(() ->
            files(Requested.docker(45))
                .write(
                    "c1",
                    "",
                    CgroupFilesTest::notNeeded,
                    new CgroupSettings(Map.of("memory.high", "5"), Map.of())))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED_PRECONDITION))
        .hasMessageContaining("container c1: writing \"5\" to the cgroup file " + folder);
  }

  private static long notNeeded() {
    throw new AssertionError("Docker need not be asked");
  }

  private CgroupFiles files(EngineFeatures features) {
    return new CgroupFiles(features, cgroup, proc);
  }

  private Path file(String path) throws IOException {
    Path file = cgroup.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }
}
