package io.intermodal.docker.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.runtime.node.StateDirectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChangedLimitsTest {
  private static final CgroupSettings MADE =
      new CgroupSettings(Map.of("memory.oom.group", "1"), Map.of("2MB", "0", "1GB", "0"));

  private final Files files = new Files();

  @Test
  void aChangeStandsOverWhatTheContainerWasMadeWith() {
    ChangedLimits limits = ChangedLimits.load(files);
    limits.note("c1", new CgroupSettings(Map.of("memory.high", "5"), Map.of("2MB", "4096")));
    limits.note("c1", new CgroupSettings(Map.of("memory.high", "6"), Map.of()));

    CgroupSettings expected =
        new CgroupSettings(
            Map.of("memory.oom.group", "1", "memory.high", "6"), Map.of("2MB", "4096", "1GB", "0"));
    assertThat(limits.over("c1", MADE)).isEqualTo(expected);
    assertThat(limits.over("c2", MADE)).isEqualTo(MADE);
    assertThat(ChangedLimits.load(files).over("c1", MADE)).isEqualTo(expected);
  }

  @Test
  void valuesOfSeveralWordsAndLinesComeBack() {
    CgroupSettings change =
        new CgroupSettings(
            Map.of("io.max", "8:16 rbps=1\n8:0 wiops=120", "cpu.max", "1 2"), Map.of());
    ChangedLimits.load(files).note("c1", change);

    assertThat(ChangedLimits.load(files).over("c1", CgroupSettings.NONE)).isEqualTo(change);
  }

  @Test
  void whatIsRemovedLeavesNoFile() {
    ChangedLimits limits = ChangedLimits.load(files);
    for (String id : List.of("c1", "c2", "c3")) {
      limits.note(id, MADE);
    }

    limits.forget("c1");
    ChangedLimits.load(files).retainOnly(Set.of("c3"));

    assertThat(limits.over("c1", CgroupSettings.NONE)).isEqualTo(CgroupSettings.NONE);
    assertThat(files.names()).containsExactly("c3");
  }

  @Test
  void aDamagedNoteIsLeftAlone() {
    files.write("c1", "unified.x=\\u12".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    ChangedLimits.load(files).note("c2", MADE);

    ChangedLimits limits = ChangedLimits.load(files);

    assertThat(limits.over("c1", MADE)).isEqualTo(MADE);
    assertThat(limits.over("c2", CgroupSettings.NONE)).isEqualTo(MADE);
    assertThat(files.names()).contains("c1");
  }

  private static final class Files implements StateDirectory {
    private final Map<String, byte[]> content = new TreeMap<>();

    @Override
    public StateDirectory within(String name) {
      throw new AssertionError("not needed");
    }

    @Override
    public void write(String name, byte[] bytes) {
      content.put(name, bytes);
    }

    @Override
    public Optional<byte[]> read(String name) {
      return Optional.ofNullable(content.get(name));
    }

    @Override
    public void delete(String name) {
      content.remove(name);
    }

    @Override
    public List<String> names() {
      return List.copyOf(content.keySet());
    }
  }
}
