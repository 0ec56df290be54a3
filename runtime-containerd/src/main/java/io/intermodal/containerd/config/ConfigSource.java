package io.intermodal.containerd.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the files of a configuration are read from. */
public interface ConfigSource {
  /**
   * A file's text; empty when there is none.
   *
   * @throws IOException when there is one that cannot be read, or is longer than a mebibyte
   */
  Optional<String> read(Path file) throws IOException;

  /** The names in a folder, in order; none where there is no folder. */
  List<String> names(Path folder) throws IOException;

  /** The files of this node. */
  static ConfigSource ofNode() {
    return new ConfigSource() {
      private static final long MAX_BYTES = 1 << 20;

      @Override
      public Optional<String> read(Path file) throws IOException {
        if (!Files.exists(file)) {
          return Optional.empty();
        }
        if (Files.size(file) > MAX_BYTES) {
          throw new IOException("longer than " + MAX_BYTES + " bytes");
        }
        return Optional.of(Files.readString(file));
      }

      @Override
      public List<String> names(Path folder) {
        @Nullable String @Nullable [] names = folder.toFile().list();
        return names == null
            ? List.of()
            : Arrays.stream(names).map(String::valueOf).sorted().toList();
      }
    };
  }
}
