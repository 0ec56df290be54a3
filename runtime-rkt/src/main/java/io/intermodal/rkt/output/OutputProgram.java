package io.intermodal.rkt.output;

import io.intermodal.rkt.pod.AppService;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The small program of ours that carries the streams of a container, {@code output.c}. Each pod has
 * its own copy, so that no pod can change another's.
 */
final class OutputProgram {
  private OutputProgram() {}

  /**
   * Puts it into a folder, if it is not there.
   *
   * @throws CriException UNAVAILABLE when this build has none for this machine
   * @throws IOException when it cannot be written
   */
  static Path putInto(Path folder) throws IOException {
    Path place = folder.resolve(AppService.program());
    if (Files.isExecutable(place)) {
      return place;
    }
    try (InputStream program = OutputProgram.class.getResourceAsStream("output")) {
      if (program == null) {
        throw new CriException(
            Code.UNAVAILABLE, "this build has no program that carries output: build it anew");
      }
      Path unfinished = Files.createTempFile(folder, AppService.program(), ".unfinished");
      Files.copy(program, unfinished, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwx------"));
      return Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
