package io.intermodal.server.logs;

import static io.intermodal.server.logs.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.intermodal.runtime.node.LogSource.Channel;
import io.intermodal.server.logs.ScriptedOutput.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever interrupts the writing, the files hold each line once and in order. */
class LogContinuityTest {
  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void killedAtAnyByteOfTheFile(boolean withPosition) throws Exception {
    ScriptedOutput output = new ScriptedOutput().addAll(script(new Random(7), 30, 12)).end();
    byte[] whole = output.expected();
    for (int length = 0; length <= whole.length; length++) {
      Path file = root.resolve(length + ".log");
      MemoryState state = new MemoryState();
      try (CriLogs killed = new CriLogs(state)) {
        killed.follow("c", file, new ScriptedOutput().end());
        drain(killed);
      }
      Files.write(file, Arrays.copyOf(whole, length), StandardOpenOption.APPEND);
      try (CriLogs logs = new CriLogs(withPosition ? state : new MemoryState())) {
        logs.follow("c", file, output);
        drain(logs);
      }
      assertThat(new String(Files.readAllBytes(file), UTF_8))
          .as("killed after %s bytes", length)
          .isEqualTo(new String(whole, UTF_8));
      Files.delete(file);
    }
  }

  @Test
  void killedInsideLinesThatAreCut() throws Exception {
    ScriptedOutput output = new ScriptedOutput().addAll(script(new Random(8), 12, 90_000)).end();
    byte[] whole = output.expected();
    for (int length = 0; length <= whole.length; length += 1511) {
      Path file = root.resolve(length + ".log");
      Files.write(file, Arrays.copyOf(whole, length));
      try (CriLogs logs = new CriLogs(new MemoryState())) {
        logs.follow("c", file, output);
        drain(logs);
      }
      assertThat(Files.readAllBytes(file)).as("killed after %s", length).isEqualTo(whole);
      Files.delete(file);
    }
  }

  /** Renames, rotations and kills in any order, with checkpoints every few lines. */
  @Test
  void anyHistoryOfRotationsAndKills() throws Exception {
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      List<Stored> script = script(random, 120, 40);
      Path folder = root.resolve("seed" + seed);
      Path file = folder.resolve("0.log");
      MemoryState state = new MemoryState();
      ScriptedOutput output = new ScriptedOutput();
      List<byte[]> rotated = new ArrayList<>();
      Optional<Path> renamed = Optional.empty();
      long checkpoint = random.nextLong(1, 1500);
      CriLogs logs = new CriLogs(state, checkpoint);
      logs.follow("c", file, output);
      int fed = 0;
      int renames = 0;
      while (fed < script.size()) {
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            int more = Math.min(script.size() - fed, 1 + random.nextInt(20));
            output.addAll(script.subList(fed, fed + more));
            fed += more;
          }
          case 2 -> {
            if (renamed.isEmpty() && isWrittenTo(state, file)) {
              renamed = Optional.of(Files.move(file, file.resolveSibling("0.log." + renames++)));
            }
          }
          case 3 -> {
            if (renamed.isPresent()) {
              logs.reopen("c");
              rotated.add(Files.readAllBytes(renamed.get()));
              Files.delete(renamed.get());
              renamed = Optional.empty();
            }
          }
          default -> {
            if (random.nextBoolean()) {
              waitForTheRest(output, rotated, renamed.orElse(file));
            }
            logs.close();
            tearOffTheEnd(random, state, renamed.orElse(file));
            if (renamed.isPresent() && random.nextInt(3) == 0) {
              Files.createFile(file);
            }
            logs = new CriLogs(state, checkpoint);
            logs.follow("c", file, output);
            if (renamed.isPresent() && Files.exists(file)) {
              // Taken over when following has begun, which reopen waits for.
              logs.reopen("c");
              rotated.add(Files.readAllBytes(renamed.get()));
              renamed = Optional.empty();
            }
          }
        }
      }
      output.end();
      drain(logs);
      logs.close();
      assertThat(new String(all(rotated, renamed.orElse(file)), UTF_8))
          .as("seed %s", seed)
          .isEqualTo(new String(output.expected(), UTF_8));
    }
  }

  @Test
  void rotationsUnderLoad() throws Exception {
    Path file = root.resolve("0.log");
    ScriptedOutput output = new ScriptedOutput();
    AtomicBoolean fed = new AtomicBoolean();
    List<Path> rotated = new ArrayList<>();
    MemoryState state = new MemoryState();
    try (CriLogs logs = new CriLogs(state, 100_000)) {
      logs.follow("c", file, output);
      Thread feeder =
          Thread.ofVirtual()
              .start(() -> {
                Random random = new Random(1);
                for (int batch = 0; batch < 400; batch++) {
                  output.addAll(script(random, 500, 60));
                  LockSupport.parkNanos(1000);
                }
                output.end();
                fed.set(true);
              });
      while (!fed.get() || rotated.size() < 20) {
        if (isWrittenTo(state, file)) {
          rotated.add(Files.move(file, root.resolve("0.log." + rotated.size())));
          logs.reopen("c");
        }
      }
      feeder.join();
      drain(logs);
    }
    List<byte[]> contents = new ArrayList<>();
    for (Path each : rotated) {
      contents.add(Files.readAllBytes(each));
    }
    assertThat(rotated).hasSizeGreaterThan(19);
    assertThat(Arrays.equals(all(contents, file), output.expected())).isTrue();
  }

  @Test
  void aFullDiskHoldsLinesUpButLosesNone() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(root.resolve("disk"));
        CriLogs logs = new CriLogs(new MemoryState())) {
      Path file = disk.path().resolve("0.log");
      Path filler = Files.write(disk.path().resolve("filler"), new byte[150 * 1024]);
      ScriptedOutput output = new ScriptedOutput().addAll(script(new Random(3), 3000, 60)).end();
      logs.follow("c", file, output);
      disk.awaitFull();
      assertThat(logs.drained("c").toCompletableFuture()).isNotDone();
      disk.enlarge();
      Files.delete(filler);
      drain(logs);
      assertThat(Arrays.equals(Files.readAllBytes(file), output.expected())).isTrue();
    }
  }

  @Test
  void aRotationOnAFullDiskLosesNoLine() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(root.resolve("disk"));
        CriLogs logs = new CriLogs(new MemoryState())) {
      Path file = disk.path().resolve("0.log");
      ScriptedOutput output = new ScriptedOutput().addAll(script(new Random(4), 6000, 60)).end();
      logs.follow("c", file, output);
      disk.awaitFull();
      Path rotated = Files.move(file, disk.path().resolve("0.log.1"));
      logs.reopen("c");
      disk.enlarge();
      drain(logs);
      byte[] all = all(List.of(Files.readAllBytes(rotated)), file);
      assertThat(Files.readString(rotated)).endsWith("\n");
      assertThat(Arrays.equals(all, output.expected())).isTrue();
    }
  }

  /** Lines of both channels with equal and disordered times, equal contents and long lines. */
  private static List<Stored> script(Random random, int entries, int longest) {
    List<Stored> script = new ArrayList<>();
    long now = 1_700_000_000_000_000_000L;
    long[] steps = {0, 0, 0, 1, 1_000, 100_000_000L, 700_000_000L, 3_000_000_000L};
    String[] unfinished = {"", ""};
    long[] lastOf = {0, 0};
    for (int i = 0; i < entries; i++) {
      now += steps[random.nextInt(steps.length)];
      int which = random.nextInt(2);
      long late = random.nextInt(3) == 0 ? random.nextInt(900_000_000) : 0;
      lastOf[which] = Math.max(lastOf[which], now - late);
      String time =
          unfinished[which].isEmpty() ? Timestamps.text(lastOf[which]) : unfinished[which];
      boolean partial = random.nextInt(4) == 0;
      unfinished[which] = partial ? time : "";
      byte[] content = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(longest)];
      Arrays.fill(content, (byte) ('a' + random.nextInt(2)));
      Channel channel = which == 0 ? Channel.STDOUT : Channel.STDERR;
      script.add(new Stored(time, channel, ByteString.copyFrom(content), partial));
    }
    return script;
  }

  /** A file is renamed when it is in use, not while it is being made. */
  private static boolean isWrittenTo(MemoryState state, Path file) throws IOException {
    Optional<byte[]> position = state.read("c");
    return position.isPresent()
        && FileIdentity.of(file).equals(Optional.of(LogPosition.decode(position.get()).file()));
  }

  /** As if the kill had come before the last write was done, or in its middle. */
  private static void tearOffTheEnd(Random random, MemoryState state, Path file)
      throws IOException {
    Optional<byte[]> position = state.read("c");
    if (position.isEmpty() || !Files.exists(file)) {
      return;
    }
    long from = LogPosition.decode(position.get()).from();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long torn = channel.size() - random.nextInt(400);
      channel.truncate(Math.max(from, torn));
    }
  }

  private static void waitForTheRest(ScriptedOutput output, List<byte[]> rotated, Path file)
      throws IOException {
    int expected = output.expected().length;
    eventually(
        "all is written to " + file,
        () -> Files.exists(file) && all(rotated, file).length == expected);
  }

  private static byte[] all(List<byte[]> rotated, Path file) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    rotated.forEach(all::writeBytes);
    if (Files.exists(file)) {
      all.writeBytes(Files.readAllBytes(file));
    }
    return all.toByteArray();
  }

  private static void drain(CriLogs logs) throws Exception {
    logs.drained("c").toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** A file system of 256 KiB. */
  private record SmallDisk(Path path) implements AutoCloseable {
    static SmallDisk mount(Path path) throws Exception {
      Files.createDirectories(path);
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path.toString()) == 0,
          "mounting a small tmpfs needs root");
      return new SmallDisk(path);
    }

    void awaitFull() throws IOException {
      eventually("the disk is full", () -> Files.getFileStore(path).getUsableSpace() == 0);
    }

    void enlarge() throws Exception {
      assertThat(run("mount", "-o", "remount,size=16m", path.toString())).isZero();
    }

    @Override
    public void close() throws IOException {
      try {
        run("umount", "-l", path.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static int run(String... command) throws IOException, InterruptedException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor();
    }
  }
}
