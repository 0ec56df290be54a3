package io.intermodal.rkt.session;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The small program of ours that enters a container, {@code enter.c}: Java cannot fork, and {@code
 * nsenter} keeps every capability of the host. It is put on the disk when first needed.
 */
public final class EnterProgram {
  private static final String NAME = "enter";

  private final Path folder;
  private @Nullable Path installed;

  /**
   * @param folder where it is put
   */
  public EnterProgram(Path folder) {
    this.folder = folder;
  }

  /**
   * Where it is.
   *
   * @throws CriException UNAVAILABLE when this build has none for this machine, RESOURCE_EXHAUSTED
   *     when it cannot be written
   */
  synchronized Path path() {
    Path known = installed;
    if (known == null || !Files.isExecutable(known)) {
      known = install();
      installed = known;
    }
    return known;
  }

  private Path install() {
    try (InputStream program = EnterProgram.class.getResourceAsStream(NAME)) {
      if (program == null) {
        throw new CriException(
            Code.UNAVAILABLE, "this build has no program that enters a container: build it anew");
      }
      Files.createDirectories(folder);
      Path unfinished = folder.resolve(NAME + ".unfinished");
      Files.copy(program, unfinished, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwx------"));
      return Files.move(unfinished, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CriException(
          Code.RESOURCE_EXHAUSTED,
          "the program that enters a container cannot be put into %s: %s".formatted(folder, e),
          e);
    }
  }
}
