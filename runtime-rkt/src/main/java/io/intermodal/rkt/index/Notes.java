package io.intermodal.rkt.index;

import com.google.protobuf.InvalidProtocolBufferException;
import io.intermodal.cri.v1.ContainerResources;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.runtime.node.StateDirectory;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a container and rkt cannot keep: how it ended (rkt takes a signal for an exit
 * code, and forgets it when the pod is killed), limits changed while it ran, and that rkt refused
 * it half way. One small file each.
 */
public final class Notes {
  private static final Logger log = LoggerFactory.getLogger(Notes.class);
  private static final String LEFTOVER = "Leftover";

  private final StateDirectory files;
  private final ConcurrentMap<String, ContainerStatus> known = new ConcurrentHashMap<>();

  private Notes(StateDirectory files) {
    this.files = files;
  }

  /** What an earlier server noted. */
  public static Notes load(StateDirectory files) {
    Notes notes = new Notes(files);
    try {
      for (String id : files.names()) {
        Optional<byte[]> content = files.read(id);
        if (content.isPresent()) {
          notes.known.put(id, ContainerStatus.parseFrom(content.get()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      log.warn("a note about a container is damaged: {}", e.toString());
    } catch (IOException e) {
      log.warn("notes about containers cannot be read", e);
    }
    return notes;
  }

  /** How the container ended, if it was seen. */
  public Optional<AppEnd> end(String containerId) {
    return note(containerId)
        .filter(note -> note.getFinishedAt() > 0)
        .map(note ->
            new AppEnd(
                note.getExitCode(), note.getReason(), note.getMessage(), note.getFinishedAt()));
  }

  /** The limits that it was given after it was made. */
  public Optional<ContainerResources> resources(String containerId) {
    return note(containerId)
        .filter(ContainerStatus::hasResources)
        .map(ContainerStatus::getResources);
  }

  /** Whether rkt refused it half way, so that it is none although its pod lists it. */
  public boolean isLeftover(String containerId) {
    return note(containerId).map(note -> note.getReason().equals(LEFTOVER)).orElse(false);
  }

  public void noteEnd(String containerId, AppEnd end) {
    write(
        containerId,
        current(containerId)
            .setExitCode(end.exitCode())
            .setReason(end.reason())
            .setMessage(end.message())
            .setFinishedAt(end.finishedAt()));
  }

  public void noteResources(String containerId, ContainerResources resources) {
    write(containerId, current(containerId).setResources(resources));
  }

  public void noteLeftover(String containerId) {
    write(containerId, current(containerId).setReason(LEFTOVER));
  }

  /** Forgets one that is removed. */
  public void forget(String containerId) {
    if (known.remove(containerId) != null) {
      try {
        files.delete(containerId);
      } catch (IOException e) {
        log.warn("container {}: a note about it stays behind", containerId, e);
      }
    }
  }

  /** Forgets those that were removed while no server ran. */
  void retainOnly(Set<String> existing) {
    known.keySet().stream().filter(id -> !existing.contains(id)).toList().forEach(this::forget);
  }

  private Optional<ContainerStatus> note(String containerId) {
    return Optional.ofNullable(known.get(containerId));
  }

  private ContainerStatus.Builder current(String containerId) {
    return note(containerId).map(ContainerStatus::toBuilder).orElseGet(ContainerStatus::newBuilder);
  }

  /** A note that cannot be written is kept in memory: the truth is lost at a restart only. */
  private synchronized void write(String containerId, ContainerStatus.Builder note) {
    ContainerStatus content = note.build();
    if (content.equals(known.put(containerId, content))) {
      return;
    }
    try {
      files.write(containerId, content.toByteArray());
    } catch (IOException e) {
      log.warn("container {}: what is known of it cannot be noted for a restart", containerId, e);
    }
  }
}
