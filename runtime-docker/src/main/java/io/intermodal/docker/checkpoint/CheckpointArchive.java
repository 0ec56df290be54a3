package io.intermodal.docker.checkpoint;

import com.github.dockerjava.api.model.ChangeLog;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.docker.index.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A checkpoint's parts in a folder beside the place where the archive is to be, and the archive:
 *
 * <ul>
 *   <li>{@code checkpoint/}: CRIU's images of the processes
 *   <li>{@code config.dump}: which container and image, and when
 *   <li>{@code spec.dump}: the container's OCI specification
 *   <li>{@code rootfs-diff.tar}: files that differ from the image
 *   <li>{@code deleted.files}: a JSON list of the image's files that were deleted
 * </ul>
 *
 * <p>The files are read after the processes, which go on: they may be newer.
 *
 * @param folder for this user alone, since memory holds secrets
 * @param tar packs
 */
record CheckpointArchive(Path folder, TarProgram tar) implements AutoCloseable {
  static final String PROCESSES = "checkpoint";

  private static final String CONFIG = "config.dump";
  private static final String SPEC = "spec.dump";
  private static final String DIFFERENCE = "rootfs-diff.tar";
  private static final String DELETED = "deleted.files";
  private static final String UNFINISHED = "unfinished.tar";

  /** Docker's number for a path that the image has and the container has not. */
  private static final int KIND_DELETED = 2;

  private static final String NEVER = "0001-01-01T00:00:00Z";

  /** Makes the folder, on the file system of the archive. What a crash left in it goes. */
  static CheckpointArchive beside(Path location, Duration limit) throws IOException {
    Path folder = location.resolveSibling("." + location.getFileName() + ".unfinished");
    clear(folder);
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new CheckpointArchive(folder, new TarProgram(limit));
  }

  /** Writes which container it is; times are RFC 3339's. */
  void describe(Container container, Instant now) throws IOException {
    ContainerStatus status = container.status();
    JsonObject config = new JsonObject();
    config.addProperty("id", container.id());
    config.addProperty("name", container.metadata().getName());
    config.addProperty("rootfsImage", status.getImage().getImage());
    config.addProperty("rootfsImageRef", status.getImageRef());
    config.addProperty("rootfsImageName", status.getImage().getImage());
    config.addProperty("createdTime", Instant.ofEpochSecond(0, status.getCreatedAt()).toString());
    config.addProperty("checkpointedTime", now.toString());
    config.addProperty("restoredTime", NEVER);
    config.addProperty("restored", false);
    Files.writeString(folder.resolve(CONFIG), config.toString());
  }

  /** Copies what is the container's beside its processes. */
  void take(RunningProcess container, List<ChangeLog> changes) throws IOException {
    List<String> deleted =
        changes.stream()
            .filter(change -> change.getKind() != null && change.getKind() == KIND_DELETED)
            .map(ChangeLog::getPath)
            .toList();
    JsonArray list = new JsonArray();
    deleted.forEach(list::add);
    Files.writeString(folder.resolve(DELETED), list.toString());
    Files.copy(container.spec(), folder.resolve(SPEC));
    tar.packLayer(
        container.changes(),
        deleted.stream().map(path -> path.substring(1)).toList(),
        folder.resolve(DIFFERENCE));
  }

  /** Makes the archive appear at its place, complete. */
  void finish(Path location) throws IOException {
    Path unfinished =
        Files.createFile(
            folder.resolve(UNFINISHED),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    tar.pack(folder, List.of(PROCESSES, CONFIG, SPEC, DIFFERENCE, DELETED), unfinished);
    Files.move(unfinished, location, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    clear(folder);
  }

  private static void clear(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
