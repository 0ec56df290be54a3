package io.intermodal.server.setup.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's settings, named as sysctl(8) names them.
 *
 * @param folder where they are: {@code /proc/sys}
 * @param programs runs modprobe(8)
 */
public record KernelSettings(Path folder, Programs programs) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * A setting's value.
   *
   * @return empty when this kernel has no such setting, or not until a module is loaded
   */
  public Optional<String> read(String name) throws IOException {
    try {
      return Optional.of(Files.readString(file(name), StandardCharsets.US_ASCII).strip());
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  /** Sets it, until the next start of the machine. */
  public void write(String name, String value) throws IOException {
    try {
      Files.writeString(file(name), value + "\n", StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IOException(
          "the kernel's setting %s cannot be set to %s: %s".formatted(name, value, e), e);
    }
  }

  /** Whether a module could be loaded. */
  public boolean loadable(String module) {
    try {
      return programs.run(List.of("modprobe", "-n", "-q", module), "", PATIENCE).code() == 0;
    } catch (IOException e) {
      // A machine without modprobe, as containers are, loads none.
      return false;
    }
  }

  /** Loads a module; nothing happens to one that is there. */
  public void load(String module) throws IOException {
    programs.require(List.of("modprobe", module), "", PATIENCE);
  }

  private Path file(String name) {
    return folder.resolve(name.replace('.', '/'));
  }
}
