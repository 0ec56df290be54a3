package io.intermodal.server.network.journal;

import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.server.network.cni.MalformedJsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file for each pod that is connected or being connected, on disk before a plugin runs. */
public final class AttachmentJournal {
  private static final Logger LOG = LoggerFactory.getLogger(AttachmentJournal.class);
  private static final String SUFFIX = ".json";

  private final StateDirectory files;

  public AttachmentJournal(StateDirectory files) {
    this.files = files;
  }

  public void write(Attachment attachment) throws IOException {
    files.write(attachment.sandboxId() + SUFFIX, attachment.toJson());
  }

  public void delete(String sandboxId) throws IOException {
    files.delete(sandboxId + SUFFIX);
  }

  /**
   * Everything that was written down and not yet deleted. A file that cannot be read is reported
   * and stays: it may be the only trace of an address that is still taken.
   */
  public List<Attachment> load() throws IOException {
    List<Attachment> attachments = new ArrayList<>();
    for (String name : files.names()) {
      Optional<byte[]> content = name.endsWith(SUFFIX) ? files.read(name) : Optional.empty();
      if (content.isEmpty()) {
        continue;
      }
      try {
        attachments.add(Attachment.parse(content.get()));
      } catch (MalformedJsonException e) {
        LOG.error(
            "the network journal's file {} {}: this pod's address cannot be given back by itself",
            name,
            e.getMessage());
      }
    }
    return attachments;
  }
}
