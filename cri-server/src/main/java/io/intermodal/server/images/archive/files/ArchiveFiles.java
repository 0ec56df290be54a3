package io.intermodal.server.images.archive.files;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The files of an archive by their names, at any place and in any order. What is asked for is
 * compared with what is there and never becomes a path outside.
 */
public interface ArchiveFiles extends AutoCloseable {
  /** More than any list of images or configuration has. */
  int LARGEST_JSON = 16 << 20;

  /** The archive as it was named: {@code images.tar}. */
  String label();

  /**
   * A file.
   *
   * @param name brought to one spelling by {@link EntryName}
   */
  Optional<Blob> find(String name) throws IOException;

  /**
   * A file that another one refers to.
   *
   * @throws CriException when it is not there, or leads out of the archive
   */
  default Blob get(String name) throws IOException {
    String clean =
        EntryName.of(name)
            .orElseThrow(() -> BrokenArchive.because(label(), "refers to a file outside: " + name));
    return find(clean)
        .orElseThrow(() ->
            BrokenArchive.because(
                label(), "is not whole: it refers to %s, which is missing".formatted(clean)));
  }

  /** The content of a small file. */
  default byte[] bytes(Blob blob) throws IOException {
    if (blob.size() > LARGEST_JSON) {
      throw BrokenArchive.because(
          label(), "cannot be meant: %s has %d bytes".formatted(blob.name(), blob.size()));
    }
    try (InputStream in = blob.open()) {
      return in.readAllBytes();
    }
  }

  /** JSON in a small file. */
  default JsonElement json(String name, byte[] content) {
    try {
      return JsonParser.parseString(new String(content, StandardCharsets.UTF_8));
    } catch (JsonParseException e) {
      throw BrokenArchive.because(label(), "is broken: %s is no JSON".formatted(name), e);
    }
  }

  @Override
  void close() throws IOException;
}
