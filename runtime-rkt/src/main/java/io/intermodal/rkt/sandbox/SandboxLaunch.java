package io.intermodal.rkt.sandbox;

import io.intermodal.rkt.answer.PodAnswer;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts a pod: {@code rkt app sandbox} becomes the pod, so it is started apart from us, in a
 * session of its own, with its output in files.
 */
final class SandboxLaunch {
  private static final Duration ID_WITHIN = Duration.ofSeconds(30);
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  /** Joins cgroups, where that can be, and becomes the program. Arguments: files, --, program. */
  private static final String JOIN =
      "while [ \"$1\" != -- ]; do echo $$ >\"$1\" 2>/dev/null; shift; done; shift; exec \"$@\"";

  private final Rkt rkt;

  SandboxLaunch(Rkt rkt) {
    this.rkt = rkt;
  }

  /**
   * A pod to be started.
   *
   * @param networkNamespace that it runs in; empty for the host's
   * @param cgroups files that its process writes its id to
   * @param environment for rkt and its nspawn
   * @param flags of {@code rkt app sandbox}
   */
  record Wish(
      Place place,
      Optional<Path> networkNamespace,
      List<Path> cgroups,
      Map<String, String> environment,
      List<String> flags) {}

  /**
   * Starts it and answers its id as soon as rkt gives one; it may still not come up.
   *
   * @throws CriException UNKNOWN with rkt's words when it gives none
   */
  String begin(Wish wish) {
    Path idFile = wish.place().folder().resolve("uuid");
    List<String> line = new ArrayList<>(List.of("setsid", "sh", "-c", JOIN, "sh"));
    wish.cgroups().forEach(file -> line.add(file.toString()));
    line.add("--");
    wish.networkNamespace()
        .ifPresent(path -> line.addAll(List.of("nsenter", "--net=" + path, "--")));
    List<String> arguments =
        new ArrayList<>(List.of("app", "sandbox", "--uuid-file-save=" + idFile, "--net=host"));
    arguments.addAll(wish.flags());
    line.addAll(rkt.command().lineOf(arguments));
    Process process = start(wish, line);
    long deadline = System.nanoTime() + ID_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      boolean ended = ended(process);
      // It may have given one just before it ended, and such a pod is there.
      Optional<String> id = read(idFile);
      if (id.isPresent()) {
        return id.get();
      }
      if (ended) {
        throw new CriException(Code.UNKNOWN, "rkt said: " + wish.place().complaint().orElse(""));
      }
    }
    process.destroyForcibly();
    throw new CriException(
        Code.DEADLINE_EXCEEDED,
        "rkt gave the pod no id within %d s".formatted(ID_WITHIN.toSeconds()));
  }

  private static Process start(Wish wish, List<String> line) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(wish.place().folder().resolve("output").toFile())
              .redirectError(wish.place().folder().resolve("errors").toFile());
      builder.environment().putAll(wish.environment());
      return builder.start();
    } catch (IOException e) {
      throw new CriException(Code.UNAVAILABLE, "a pod cannot be started: " + e.getMessage(), e);
    }
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, "interrupted while a pod was started", e);
    }
  }

  private static Optional<String> read(Path idFile) {
    try {
      return Optional.of(Files.readString(idFile).strip()).filter(id -> id.length() == 36);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Waits until the pod can take apps.
   *
   * @throws CriException UNKNOWN with rkt's words when it ended instead, DEADLINE_EXCEEDED when it
   *     does neither
   */
  PodProcess awaitReady(String id, Place place) {
    Optional<PodAnswer> pod = rkt.awaitReady(id, READY_WITHIN);
    if (pod.map(PodAnswer::running).orElse(false)) {
      Optional<PodProcess> process = rkt.podProcess(id);
      if (process.isPresent()) {
        return process.get();
      }
    }
    throw new CriException(
        Code.UNKNOWN,
        "the pod did not come up (%s): %s"
            .formatted(
                pod.map(PodAnswer::state).orElse("gone"),
                place.complaint().orElse("rkt does not say why")));
  }
}
