package io.intermodal.server.stats.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.runtime.node.statistics.FolderSizes.FolderUse;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalkedFoldersTest {
  @TempDir Path root;
  private Path folder;
  private final AtomicLong now = new AtomicLong();
  private final WalkedFolders folders =
      WalkedFolders.start(Clock.systemUTC(), now::get, Duration.ofMinutes(1));

  @BeforeEach
  void a_folder() throws IOException {
    folder = Files.createDirectory(root.resolve("layer"));
  }

  @AfterEach
  void close() {
    folders.close();
  }

  private static FolderUse measured(Supplier<Optional<FolderUse>> question) {
    return measuredAs(question, use -> true);
  }

  private static FolderUse measuredAs(
      Supplier<Optional<FolderUse>> question, Predicate<FolderUse> wanted) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      Optional<FolderUse> use = question.get().filter(wanted);
      if (use.isPresent()) {
        return use.get();
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("not measured as expected in 20 s, but " + question.get());
  }

  private FolderUse measure() {
    return measured(() -> folders.of(folder));
  }

  @Test
  void the_first_question_is_not_kept_waiting() {
    assertThat(folders.of(folder)).isEmpty();
    assertThat(measure().inodes()).isEqualTo(1);
  }

  @Test
  void a_file_with_two_names_counts_once() throws IOException {
    Files.write(folder.resolve("a"), new byte[100_000]);
    long alone = measure().bytes();
    folders.forget(folder);
    Files.createLink(folder.resolve("b"), folder.resolve("a"));
    FolderUse linked = measure();
    assertThat(linked.inodes()).isEqualTo(2);
    assertThat(linked.bytes() - alone).isLessThan(100_000);
    assertThat(linked.bytes()).isGreaterThanOrEqualTo(100_000);
  }

  @Test
  void holes_take_no_room() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("sparse").toFile(), "rw")) {
      file.setLength(1L << 30);
    }
    assertThat(measure().bytes()).isLessThan(1 << 20);
  }

  @Test
  void folders_are_entered_and_links_are_not() throws IOException {
    Path outside = Files.createDirectory(root.resolve("outside"));
    Files.write(outside.resolve("large"), new byte[1_000_000]);
    Path below = Files.createDirectories(folder.resolve("a/b"));
    Files.createSymbolicLink(below.resolve("link"), outside);
    Files.write(below.resolve("caf\u00e9"), new byte[5000]);
    FolderUse use = measure();
    assertThat(use.inodes()).as("layer, a, b, link, café").isEqualTo(5);
    assertThat(use.bytes()).isBetween(5000L, 100_000L);
  }

  @Test
  void an_old_answer_is_given_and_renewed() throws IOException {
    assertThat(measure().inodes()).isEqualTo(1);
    Files.createFile(folder.resolve("new"));
    assertThat(measure().inodes()).as("a minute has not passed").isEqualTo(1);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    measuredAs(() -> folders.of(folder), use -> use.inodes() == 2);
  }

  @Test
  void an_unchanging_folder_is_walked_once() throws IOException {
    assertThat(measured(() -> folders.ofUnchanging(folder)).inodes()).isEqualTo(1);
    Files.createFile(folder.resolve("new"));
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(folders.ofUnchanging(folder).orElseThrow().inodes()).isEqualTo(1);
    Path other = Files.createDirectory(root.resolve("other"));
    assertThat(measured(() -> folders.of(other)).inodes()).isEqualTo(1);
    assertThat(folders.ofUnchanging(folder).orElseThrow().inodes())
        .as("whatever waited before the other one was walked by now")
        .isEqualTo(1);
  }

  @Test
  void a_folder_that_went_has_no_size_any_more() throws IOException {
    measure();
    Files.delete(folder);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (folders.of(folder).isPresent() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(folders.of(folder)).isEmpty();
  }

  @Test
  void a_walk_goes_on_while_files_vanish() throws IOException {
    for (int i = 0; i < 200; i++) {
      Files.createFile(Files.createDirectory(folder.resolve("d" + i)).resolve("f"));
    }
    try (FileStatus kernel = FileStatus.open().orElseThrow()) {
      AtomicLong entered = new AtomicLong();
      FolderWalk walk =
          new FolderWalk(
              kernel,
              () -> {
                if (entered.incrementAndGet() == 2) {
                  deleteHalf();
                }
                return true;
              });
      FolderWalk.Found found = walk.walk(folder).orElseThrow();
      assertThat(found.inodes()).isBetween(301L, 401L);
    }
  }

  private void deleteHalf() {
    try {
      for (int i = 0; i < 100; i++) {
        Files.delete(folder.resolve("d" + i).resolve("f"));
        Files.delete(folder.resolve("d" + i));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_walk_that_nobody_wants_ends() throws IOException {
    try (FileStatus kernel = FileStatus.open().orElseThrow()) {
      assertThat(new FolderWalk(kernel, () -> false).walk(folder)).isEmpty();
    }
  }
}
