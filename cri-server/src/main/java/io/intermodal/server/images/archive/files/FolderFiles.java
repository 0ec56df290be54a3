package io.intermodal.server.images.archive.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An unpacked archive: an OCI image layout. */
public record FolderFiles(String label, Path folder) implements ArchiveFiles {
  @Override
  public Optional<Blob> find(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.isRegularFile(file)
        ? Optional.of(new Blob(name, Files.size(file), () -> Files.newInputStream(file)))
        : Optional.empty();
  }

  @Override
  public void close() {}
}
