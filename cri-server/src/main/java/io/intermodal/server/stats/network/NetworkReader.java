package io.intermodal.server.stats.network;

import io.intermodal.runtime.CriException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the counters of network interfaces. */
public final class NetworkReader {
  private final Path proc;

  /**
   * @param proc where procfs is mounted
   */
  public NetworkReader(Path proc) {
    this.proc = proc;
  }

  /** The interfaces that the process sees; empty when it is gone. */
  public Optional<NetworkReading> read(long pid) {
    if (Files.notExists(proc.resolve(Long.toString(pid)))) {
      return Optional.empty();
    }
    throw CriException.unimplemented("network statistics: not yet");
  }
}
