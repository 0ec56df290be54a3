package io.intermodal.server.network.journal;

import io.intermodal.server.network.cni.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other runtimes of the node remember of the pods that they connected: libcni's files {@code
 * <network>-<sandbox id>-<interface>}. For pods that were taken over from cri-dockerd.
 */
public final class ForeignCaches {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignCaches.class);

  private final List<Path> folders;
  private final String interfaceName;

  public ForeignCaches(List<Path> folders, String interfaceName) {
    this.folders = folders;
    this.interfaceName = interfaceName;
  }

  /** An attachment by another runtime, and the file in which it is remembered. */
  public record Entry(Attachment attachment, Path file) {
    public void forget() throws IOException {
      Files.deleteIfExists(file);
    }
  }

  /** Every connected pod. A file that cannot be understood is reported and left alone. */
  public List<Entry> all() {
    return matching("-" + interfaceName);
  }

  public Optional<Entry> find(String sandboxId) {
    return matching("-" + sandboxId + "-" + interfaceName).stream()
        .filter(entry -> entry.attachment().sandboxId().equals(sandboxId))
        .findFirst();
  }

  private List<Entry> matching(String suffix) {
    List<Entry> entries = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
          read(file).ifPresent(attachment -> entries.add(new Entry(attachment, file)));
        }
      } catch (NoSuchFileException e) {
        LOG.trace("no other runtime has cached results in {}", folder);
      } catch (IOException e) {
        LOG.warn("other runtimes' CNI results in {} cannot be listed: {}", folder, e.toString());
      }
    }
    return entries;
  }

  private static Optional<Attachment> read(Path file) {
    try {
      return Optional.of(Attachment.parse(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("another runtime's CNI result {} cannot be read: {}", file, e.toString());
    } catch (MalformedJsonException e) {
      LOG.warn("another runtime's CNI result {} {}: left alone", file, e.getMessage());
    }
    return Optional.empty();
  }
}
