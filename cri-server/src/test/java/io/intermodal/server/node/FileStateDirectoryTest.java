package io.intermodal.server.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.node.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStateDirectoryTest {
  @TempDir Path root;
  private StateDirectory state;

  @BeforeEach
  void open() {
    state = new FileStateDirectory(root.resolve("lib/state"));
  }

  @Test
  void aFileHasItsLastContent() throws IOException {
    state.write("a", "a much longer first content".getBytes(UTF_8));
    state.write("a", "second".getBytes(UTF_8));
    assertThat(state.read("a")).hasValue("second".getBytes(UTF_8));
    assertThat(new FileStateDirectory(root.resolve("lib/state")).read("a"))
        .hasValue("second".getBytes(UTF_8));
  }

  @Test
  void nothingIsThereAtFirstAndNothingIsMadeByLooking() throws IOException {
    assertThat(state.read("a")).isEmpty();
    assertThat(state.names()).isEmpty();
    assertThat(state.within("deeper").names()).isEmpty();
    state.delete("a");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void namesAreSortedAndWithoutFoldersAndUnfinishedWrites() throws IOException {
    state.write("b", new byte[0]);
    state.write("a", new byte[0]);
    state.within("folder").write("c", new byte[0]);
    Files.writeString(root.resolve("lib/state/.d.unfinished"), "half");
    assertThat(state.names()).containsExactly("a", "b");
    assertThat(state.within("folder").names()).containsExactly("c");
  }

  @Test
  void whatACrashLeftUnfinishedDoesNotDisturbTheNextWrite() throws IOException {
    state.write("a", "old".getBytes(UTF_8));
    Files.writeString(root.resolve("lib/state/.a.unfinished"), "half of something longer");
    assertThat(state.read("a")).hasValue("old".getBytes(UTF_8));
    state.write("a", "new".getBytes(UTF_8));
    assertThat(state.read("a")).hasValue("new".getBytes(UTF_8));
    assertThat(root.resolve("lib/state")).isDirectoryNotContaining("glob:**.unfinished");
  }

  @Test
  void deletedIsGone() throws IOException {
    state.write("a", new byte[] {1});
    state.delete("a");
    assertThat(state.read("a")).isEmpty();
    assertThat(state.names()).isEmpty();
  }

  @Test
  void onlyTheOwnerMayLook() throws IOException {
    state.within("deeper").write("a", new byte[] {1});
    assertThat(mode("lib/state")).isEqualTo("rwx------");
    assertThat(mode("lib/state/deeper")).isEqualTo("rwx------");
    assertThat(mode("lib/state/deeper/a")).isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../a", "a/b", "/etc/passwd", ".hidden", "a\0b"})
  void aNameThatLeadsElsewhereIsRefused(String name) {
    for (Write use :
        List.<Write>of(
            () -> state.write(name, new byte[0]),
            () -> state.read(name),
            () -> state.delete(name),
            () -> state.within(name))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("lib/state");
    }
    assertThatThrownBy(() -> state.write("x".repeat(201), new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFolderThatIsAFileIsSaid() throws IOException {
    Files.createDirectories(root.resolve("lib"));
    Files.writeString(root.resolve("lib/state"), "a file");
    assertThatThrownBy(() -> state.write("a", new byte[0])).isInstanceOf(IOException.class);
  }

  @Test
  void writersOfOneNameLeaveOneWholeContent() throws Exception {
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < 8; writer++) {
        byte[] content = ("" + writer).repeat(1000 + 500 * writer).getBytes(UTF_8);
        all.add(
            writers.submit(() -> {
              for (int i = 0; i < 5; i++) {
                state.within("same").write("a", content);
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }
    }
    String left = new String(state.within("same").read("a").orElseThrow(), UTF_8);
    int writer = left.charAt(0) - '0';
    assertThat(left).isEqualTo(("" + writer).repeat(1000 + 500 * writer));
  }

  private String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path)));
  }

  private interface Write {
    void run() throws IOException;
  }
}
