package io.intermodal.docker.checkpoint;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The host's {@code tar}, which knows all kinds of files, sparse ones and extended attributes, and
 * follows no link that a container puts in its way.
 *
 * @param limit how long it may take
 */
record TarProgram(Duration limit) {
  /** GNU tar's "some files differ": one changed while it was read. */
  private static final int SOME_CHANGED = 1;

  private static final int LONGEST_MESSAGE = 2000;

  /**
   * Packs some entries of a folder, whole.
   *
   * @throws IOException when there is no such program, or it fails, with what it says
   */
  void pack(Path folder, List<String> entries, Path archive) throws IOException {
    run(List.of(), folder, entries, archive);
  }

  /**
   * Packs the upper layer of an overlay, without the kernel's marks for what was deleted.
   *
   * @param deleted paths relative to the layer
   * @throws IOException as {@link #pack}
   */
  void packLayer(Path layer, List<String> deleted, Path archive) throws IOException {
    Path excluded = Files.createTempFile(archive.getParent(), ".deleted-", "");
    try {
      String patterns = String.join("\0", deleted.stream().map(path -> "./" + path).toList());
      Files.writeString(excluded, deleted.isEmpty() ? "" : patterns + "\0");
      run(
          List.of(
              "--xattrs",
              "--xattrs-exclude=trusted.overlay.*",
              "--anchored",
              "--no-wildcards",
              "--null",
              "--exclude-from=" + excluded),
          layer,
          List.of("."),
          archive);
    } finally {
      Files.delete(excluded);
    }
  }

  private void run(List<String> options, Path folder, List<String> entries, Path archive)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("tar", "--create", "--sparse"));
    command.add("--numeric-owner");
    command.addAll(options);
    command.add("--file=" + archive);
    command.add("--directory=" + folder);
    command.add("--");
    command.addAll(entries);
    Path said = Files.createTempFile(archive.getParent(), ".tar-", "");
    try {
      Process tar =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      int status = await(tar);
      if (status != 0 && status != SOME_CHANGED) {
        String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
        throw new IOException(
            "tar of %s ended with %d: %s"
                .formatted(
                    folder, status, text.substring(0, Math.min(text.length(), LONGEST_MESSAGE))));
      }
    } finally {
      Files.delete(said);
    }
  }

  private int await(Process tar) throws IOException {
    try {
      if (!tar.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        tar.destroyForcibly();
        throw new IOException("tar took longer than " + limit);
      }
      return tar.exitValue();
    } catch (InterruptedException e) {
      tar.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for tar");
    }
  }
}
