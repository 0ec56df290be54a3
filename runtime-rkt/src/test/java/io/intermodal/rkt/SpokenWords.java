package io.intermodal.rkt;

import io.intermodal.runtime.node.ContainerLogs;
import io.intermodal.runtime.node.LogSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what containers say in memory. */
final class SpokenWords implements ContainerLogs {
  private final Map<String, Heard> all = new ConcurrentHashMap<>();

  /** What one container said. */
  private record Heard(List<String> lines, CompletableFuture<Void> over) {}

  @Override
  public void follow(String containerId, Path logFile, LogSource source) {
    Heard heard = new Heard(new CopyOnWriteArrayList<>(), new CompletableFuture<>());
    if (all.putIfAbsent(containerId, heard) == null) {
      Thread.ofVirtual().start(() -> listen(heard, source));
    }
  }

  private static void listen(Heard heard, LogSource source) {
    try (LogSource.Stream stream = source.open(Optional.empty())) {
      for (LogSource.Entry entry = stream.next(); entry != null; entry = stream.next()) {
        heard.lines().add(entry.channel() + " " + StandardCharsets.UTF_8.decode(entry.content()));
      }
      heard.over().complete(null);
    } catch (IOException e) {
      heard.over().completeExceptionally(e);
    }
  }

  /** {@code STDOUT text} for each line so far. */
  List<String> of(String containerId) {
    Heard heard = all.get(containerId);
    return heard == null ? List.of() : heard.lines();
  }

  @Override
  public void reopen(String containerId) {}

  @Override
  public CompletionStage<Void> drained(String containerId) {
    Heard heard = all.get(containerId);
    return heard == null ? CompletableFuture.completedStage(null) : heard.over();
  }

  @Override
  public void forget(String containerId) {
    all.remove(containerId);
  }
}
