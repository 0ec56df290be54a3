package io.intermodal.server.pause;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;

/**
 * The compiled {@code pause.c}: a static executable without needs of its own.
 *
 * @param elf the executable
 * @param architecture the processor that it runs on, as an image's configuration names it: {@code
 *     amd64} or {@code arm64}
 */
public record PauseProgram(ByteString elf, String architecture) {
  private static final int ELF_MACHINE = 18;
  private static final int MACHINE_AMD64 = 62;
  private static final int MACHINE_ARM64 = 183;

  /** Reads the program that was compiled with this build. */
  public static PauseProgram load() {
    try (InputStream resource = PauseProgram.class.getResourceAsStream("pause")) {
      if (resource == null) {
        throw new IllegalStateException(
            "the sandbox image's program is missing from this build: compile cri-server with Maven");
      }
      return of(ByteString.readFrom(resource));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PauseProgram of(ByteString elf) {
    short machine = elf.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort(ELF_MACHINE);
    return new PauseProgram(
        elf,
        switch (machine) {
          case MACHINE_AMD64 -> "amd64";
          case MACHINE_ARM64 -> "arm64";
          default ->
              throw new IllegalStateException(
                  "the sandbox image's program is for an unknown processor, ELF machine "
                      + machine);
        });
  }
}
