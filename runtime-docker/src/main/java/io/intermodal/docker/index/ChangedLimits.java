package io.intermodal.docker.index;

import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.StateDirectory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits that are not Docker's to keep and were changed after the container was made. What it was
 * made with is in its labels, which Docker cannot change; the changes are a small file of ours.
 */
public final class ChangedLimits {
  private static final Logger log = LoggerFactory.getLogger(ChangedLimits.class);
  private static final String UNIFIED = "unified.";
  private static final String HUGEPAGES = "hugepages.";

  private final StateDirectory files;
  private final ConcurrentMap<String, CgroupSettings> known = new ConcurrentHashMap<>();

  private ChangedLimits(StateDirectory files) {
    this.files = files;
  }

  /**
   * What an earlier server noted. A file that cannot be read is left alone, and its loss logged.
   */
  public static ChangedLimits load(StateDirectory files) {
    ChangedLimits changes = new ChangedLimits(files);
    try {
      for (String id : files.names()) {
        changes.read(id);
      }
    } catch (IOException e) {
      log.warn("limits that were changed while containers ran cannot be read", e);
    }
    return changes;
  }

  /** The settings that a container was made with, with the later changes. */
  public CgroupSettings over(String containerId, CgroupSettings made) {
    CgroupSettings changed = known.get(containerId);
    return changed == null ? made : made.changedBy(changed);
  }

  /**
   * Notes a change, durably.
   *
   * @throws CriException INTERNAL when our state folder does not take it
   */
  public void note(String containerId, CgroupSettings change) {
    known.compute(
        containerId,
        (id, before) -> {
          CgroupSettings after = before == null ? change : before.changedBy(change);
          try {
            files.write(id, bytes(after));
          } catch (IOException e) {
            throw new CriException(
                Code.INTERNAL,
                "container %s: its new limits hold, but could not be noted for a restart: %s"
                    .formatted(id, e),
                e);
          }
          return after;
        });
  }

  void forget(String containerId) {
    if (known.remove(containerId) != null) {
      delete(containerId);
    }
  }

  /** Forgets containers that were removed while no server ran. */
  void retainOnly(Set<String> existing) {
    known.keySet().stream().filter(id -> !existing.contains(id)).toList().forEach(this::forget);
  }

  private void read(String id) throws IOException {
    byte[] content = files.read(id).orElse(new byte[0]);
    try {
      known.put(id, settings(content));
    } catch (IllegalArgumentException e) {
      log.warn("container {}: the note of its changed limits is damaged: {}", id, e.toString());
    }
  }

  private void delete(String id) {
    try {
      files.delete(id);
    } catch (IOException e) {
      log.warn("container {}: the note of its changed limits stays behind", id, e);
    }
  }

  private static byte[] bytes(CgroupSettings settings) throws IOException {
    Properties lines = new Properties();
    settings.unified().forEach((file, value) -> lines.setProperty(UNIFIED + file, value));
    settings.hugepages().forEach((size, limit) -> lines.setProperty(HUGEPAGES + size, limit));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    lines.store(bytes, null);
    return bytes.toByteArray();
  }

  private static CgroupSettings settings(byte[] content) throws IOException {
    Properties lines = new Properties();
    lines.load(new ByteArrayInputStream(content));
    return new CgroupSettings(under(lines, UNIFIED), under(lines, HUGEPAGES));
  }

  private static Map<String, String> under(Properties lines, String prefix) {
    Map<String, String> found = new HashMap<>();
    for (String key : lines.stringPropertyNames()) {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), lines.getProperty(key));
      }
    }
    return found;
  }
}
