package io.intermodal.server.logs;

import static io.intermodal.server.logs.Eventually.eventually;
import static io.intermodal.server.logs.Eventually.eventuallyContains;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.LogSource.Channel;
import io.intermodal.server.node.FileStateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CriLogsTest {
  private static final String T1 = "2026-10-06T00:17:09.669794201Z";
  private static final String T2 = "2026-10-06T00:17:09.669794202Z";
  private static final String T3 = "2026-10-06T00:17:11.000000000Z";
  private static final String T4 = "2026-10-06T01:17:11.000000000Z";
  private static final String T5 = "2026-10-06T01:17:11.000000001Z";

  @TempDir Path root;
  private final ScriptedOutput output = new ScriptedOutput();
  private Path file;
  private FileStateDirectory state;
  private CriLogs logs;

  @BeforeEach
  void start() {
    file = root.resolve("pods/pod/container/0.log");
    state = new FileStateDirectory(root.resolve("state"));
    logs = new CriLogs(state);
  }

  @AfterEach
  void stop() {
    logs.close();
  }

  @Test
  void eachEntryIsALineWithItsTimeChannelAndTag() throws Exception {
    output.out(T1, "hello").err(T2, "a warning").out(T2, "").part(T3, "half of").out(T3, " a line");
    follow(output.end());
    assertThat(file)
        .hasContent(
            """
            2026-10-06T00:17:09.669794201Z stdout F hello
            2026-10-06T00:17:09.669794202Z stderr F a warning
            2026-10-06T00:17:09.669794202Z stdout F\s
            2026-10-06T00:17:11.000000000Z stdout P half of
            2026-10-06T00:17:11.000000000Z stdout F  a line
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4000, 16383, 16384, 16385, 32768, 32769, 70000, 200000})
  void aLineIsCutEvery16KiB(int length) throws Exception {
    output.out(T1, "x".repeat(length)).part(T2, "y".repeat(length)).err(T3, "end").end();
    follow(output);
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
    assertThat(Files.readAllLines(file))
        .allMatch(line -> line.length() <= 40 + 16384)
        .filteredOn(line -> line.contains(" F "))
        .hasSize(2);
  }

  @Test
  void bytesThatAreNoTextPassUnchanged() throws Exception {
    byte[] content = {0, (byte) 0xff, '\r', (byte) 0xc3, 0x1b};
    output
        .add(new ScriptedOutput.Stored(T1, Channel.STDERR, ByteString.copyFrom(content), false))
        .end();
    follow(output);
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected()).contains(content);
  }

  @Test
  void theFileIsThereAsSoonAsTheContainerIsFollowed() {
    logs.follow("c", file, output);
    assertThat(file).isEmptyFile();
  }

  @Test
  void whatIsThereIsWrittenBeforeMoreComes() throws Exception {
    logs.follow("c", file, output);
    output.out(T1, "first");
    eventuallyContains(file, "first\n");
    output.out(T2, "second");
    eventuallyContains(file, "second\n");
    assertThat(logs.drained("c").toCompletableFuture()).isNotDone();
  }

  @Test
  void missingFoldersAreMadeReadableAndTheFileForTheGroup() throws Exception {
    follow(output.out(T1, "x").end());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void followingTwiceIsFollowingOnce() throws Exception {
    logs.follow("c", file, output);
    logs.follow("c", file, output);
    output.out(T1, "x").end();
    drain();
    logs.follow("c", file, output);
    drain();
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
    assertThat(output.asked()).hasSize(1);
  }

  @Test
  void drainedIsDoneWhenNobodyFollows() {
    assertThat(logs.drained("unknown").toCompletableFuture()).isDone();
  }

  @Test
  void onlyWhatIsFollowedCanBeReopened() {
    assertThatThrownBy(() -> logs.reopen("unknown"))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(CriException.Code.NOT_FOUND))
        .hasMessageContaining("unknown");
  }

  @Test
  void aRelativePathIsRefused() {
    assertThatThrownBy(() -> logs.follow("c", Path.of("0.log"), output))
        .isInstanceOfSatisfying(
            CriException.class,
            e -> assertThat(e.code()).isEqualTo(CriException.Code.INVALID_ARGUMENT));
  }

  @Test
  void afterARestartTheEngineIsAskedFromASecondBeforeTheLastLine() throws Exception {
    logs.follow("c", file, output.out(T1, "old").out(T3, "last"));
    eventuallyContains(file, "last\n");
    restart();
    follow(output.out(T4, "new").end());
    assertThat(output.asked())
        .containsExactly(Optional.empty(), Optional.of("2026-10-06T00:17:10.000000000Z"));
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
  }

  @Test
  void equalLinesOfEqualTimesAreCountedOverARestart() throws Exception {
    logs.follow("c", file, output.out(T1, "same").out(T1, "same").err(T1, "same"));
    eventuallyContains(file, "stderr F same\n");
    restart();
    follow(output.out(T1, "same").err(T1, "same").out(T1, "same").end());
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
  }

  @Test
  void aLineThatTheEngineStoredLateAndStampedEarlyIsNotMissedOverARestart() throws Exception {
    logs.follow("c", file, output.err(T3, "young"));
    eventuallyContains(file, "young\n");
    restart();
    follow(output.out("2026-10-06T00:17:10.000000001Z", "older").end());
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
  }

  @Test
  void theRestOfALongLineHasTheTimeOfItsFirstPartAnHourAgo() throws Exception {
    logs.follow("c", file, output.part(T1, "begun").part(T1, "begun").err(T4, "an hour later"));
    eventuallyContains(file, "later\n");
    restart();
    follow(output.part(T1, "begun").err(T5, "x").out(T1, "ended").out(T5, "next").end());
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
  }

  @Test
  void theRestOfALongLineIsFoundOverARotationToo() throws Exception {
    logs.follow("c", file, output.part(T1, "begun").err(T4, "an hour later"));
    eventuallyContains(file, "later\n");
    Path rotated = rotate();
    restart();
    follow(output.part(T1, "begun").err(T5, "x").out(T1, "ended").out(T5, "next").end());
    assertThat(Files.readString(rotated) + Files.readString(file))
        .isEqualTo(new String(output.expected(), UTF_8));
  }

  @Test
  void afterReopenTheRenamedFileIsLeftAlone() throws Exception {
    logs.follow("c", file, output.out(T1, "before"));
    eventuallyContains(file, "before\n");
    Path rotated = rotate();
    assertThat(file).isEmptyFile();
    output.out(T2, "after").end();
    drain();
    assertThat(rotated).content().endsWith("before\n");
    assertThat(file).content().endsWith("after\n").doesNotContain("before");
  }

  @Test
  void reopenWithoutARenameChangesNothing() throws Exception {
    logs.follow("c", file, output.out(T1, "before"));
    eventuallyContains(file, "before\n");
    logs.reopen("c");
    output.out(T2, "after").end();
    drain();
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
  }

  @Test
  void aRotationWhoseOldFileIsGoneIsRemembered() throws Exception {
    logs.follow("c", file, output.out(T1, "before").out(T1, "before"));
    eventually("two lines", () -> Files.exists(file) && Files.readAllLines(file).size() == 2);
    Files.delete(rotate());
    restart();
    follow(output.out(T1, "before").out(T2, "after").end());
    assertThat(Files.readAllLines(file))
        .containsExactly(T1 + " stdout F before", T2 + " stdout F after");
  }

  @Test
  void betweenRenameAndReopenARestartGoesOnInTheRenamedFile() throws Exception {
    logs.follow("c", file, output.out(T1, "before"));
    eventuallyContains(file, "before\n");
    Path renamed = Files.move(file, file.resolveSibling("0.log.20261006-001709"));
    restart();
    logs.follow("c", file, output.out(T2, "meanwhile"));
    eventuallyContains(renamed, "meanwhile\n");
    assertThat(file).doesNotExist();
    logs.reopen("c");
    assertThat(file).exists();
    output.out(T3, "after").end();
    drain();
    assertThat(Files.readAllLines(renamed)).hasSize(2);
    assertThat(file).content().isEqualTo(T3 + " stdout F after\n");
  }

  @Test
  void betweenMakingTheNewFileAndRememberingItARestartTakesItOver() throws Exception {
    logs.follow("c", file, output.out(T1, "before"));
    eventuallyContains(file, "before\n");
    Path renamed = Files.move(file, file.resolveSibling("0.log.1"));
    Files.createFile(file);
    restart();
    follow(output.out(T2, "after").end());
    assertThat(renamed).content().isEqualTo(T1 + " stdout F before\n");
    assertThat(file).content().isEqualTo(T2 + " stdout F after\n");
  }

  @Test
  void anEndedContainerCanBeReopened() throws Exception {
    follow(output.out(T1, "all").end());
    Path rotated = rotate();
    assertThat(file).isEmptyFile();
    assertThat(rotated).content().isEqualTo(T1 + " stdout F all\n");
    restart();
    follow(output);
    assertThat(file).isEmptyFile();
  }

  @Test
  void aTornStreamIsOpenedAgainWithoutLossOrDoubles() throws Exception {
    for (int i = 0; i < 40; i++) {
      output.out(Timestamps.text(1_000_000_000_000L + i * 400_000_000L), "line " + i % 3);
    }
    follow(output.tearEvery(11).end());
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
    assertThat(output.asked()).hasSizeGreaterThan(3);
  }

  @Test
  void aDeletedFileIsMadeAnew() throws Exception {
    logs.follow("c", file, output.out(T1, "gone"));
    eventuallyContains(file, "gone\n");
    Files.delete(file);
    int[] lines = {0};
    eventually(
        "the file is back",
        () -> {
          output.out(T3, "line " + lines[0]++);
          return Files.exists(file);
        });
    output.out(T4, "last").end();
    drain();
    assertThat(file).content().endsWith("stdout F last\n").doesNotContain("gone");
  }

  @Test
  void forgettingStopsAndLeavesTheFile() throws Exception {
    logs.follow("c", file, output.out(T1, "x"));
    eventuallyContains(file, "x\n");
    assertThat(state.names()).containsExactly("c");
    logs.forget("c");
    assertThat(state.names()).isEmpty();
    assertThat(output.isRead()).isFalse();
    assertThat(logs.drained("c").toCompletableFuture()).isDone();
    output.out(T2, "y");
    assertThat(file).content().isEqualTo(T1 + " stdout F x\n");
    logs.forget("c");
  }

  @Test
  void aLinkAtTheLogPathIsNotWrittenThroughAndHoldsUpNobodyElse() throws Exception {
    Path target = Files.writeString(root.resolve("container-json.log"), "not ours\n");
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, target);
    Path other = root.resolve("pods/other/0.log");
    logs.follow("c", file, output.out(T1, "x").end());
    logs.follow("other", other, new ScriptedOutput().out(T1, "y").end());
    logs.drained("other").toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(other).content().endsWith("y\n");
    assertThat(target).content().isEqualTo("not ours\n");
    assertThatThrownBy(() -> logs.reopen("c"))
        .isInstanceOf(CriException.class)
        .hasMessageContaining("remove the link");
    Files.delete(file);
    drain();
    assertThat(file).content().isEqualTo(T1 + " stdout F x\n");
  }

  @Test
  void aFolderAtTheLogPathIsSaid() throws Exception {
    Files.createDirectories(file);
    logs.follow("c", file, output.out(T1, "x").end());
    assertThatThrownBy(() -> logs.reopen("c")).hasMessageContaining("no regular file");
    Files.delete(file);
    drain();
    assertThat(file).content().isEqualTo(T1 + " stdout F x\n");
  }

  @Test
  void positionsOfContainersWhoseLogFolderIsGoneAreSwept() throws Exception {
    follow(output.out(T1, "x").end());
    logs.close();
    logs = new CriLogs(state);
    assertThat(state.names()).containsExactly("c");
    Files.delete(file);
    Files.delete(file.getParent());
    logs = new CriLogs(state);
    assertThat(state.names()).isEmpty();
  }

  @Test
  void aDamagedPositionIsDoneWithout() throws Exception {
    logs.follow("c", file, output.out(T1, "x"));
    eventuallyContains(file, "x\n");
    logs.close();
    state.write("c", new byte[] {1, 2, 3});
    logs = new CriLogs(state);
    follow(output.out(T2, "y").end());
    assertThat(Files.readAllBytes(file)).isEqualTo(output.expected());
  }

  private Path rotate() throws IOException {
    Path rotated = Files.move(file, file.resolveSibling("0.log.rotated"));
    logs.reopen("c");
    return rotated;
  }

  private void restart() {
    logs.close();
    logs = new CriLogs(state);
  }

  private void follow(ScriptedOutput from) throws Exception {
    logs.follow("c", file, from);
    drain();
  }

  private void drain() throws Exception {
    logs.drained("c").toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
