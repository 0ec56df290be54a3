package io.intermodal.docker.spec.resources;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A cgroup in one hierarchy, as the kernel shows it: a folder of small files.
 *
 * @param path the folder
 * @param owner whose it is, as the start of a sentence: {@code container 4f}
 */
record CgroupFolder(Path path, String owner) {

  boolean has(String file) {
    return Files.exists(path.resolve(file));
  }

  /**
   * The file's content without the line's end.
   *
   * @throws CriException FAILED_PRECONDITION naming the file when it cannot be read
   */
  String read(String file) {
    try {
      return Files.readString(path.resolve(file)).strip();
    } catch (IOException e) {
      throw failure("reading the cgroup file %s".formatted(path.resolve(file)), e);
    }
  }

  /**
   * Writes the file.
   *
   * @throws CriException FAILED_PRECONDITION naming the file when the kernel refuses or lacks it
   */
  void write(String file, String value) {
    try {
      Files.writeString(path.resolve(file), value, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw failure("writing \"%s\" to the cgroup file %s".formatted(value, path.resolve(file)), e);
    }
  }

  private CriException failure(String what, IOException e) {
    return new CriException(
        Code.FAILED_PRECONDITION, "%s: %s failed: %s".formatted(owner, what, e), e);
  }
}
