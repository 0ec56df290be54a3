package io.intermodal.docker.spec.resources;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits of one container that Docker's API cannot express; they are written into its cgroup after
 * it was started or updated.
 *
 * @param unified file of cgroup version 2 to its content: {@code memory.oom.group} to {@code 1}
 * @param hugepages page size to limit in bytes, both as text: {@code 2MB} to {@code 4194304}
 */
public record CgroupSettings(Map<String, String> unified, Map<String, String> hugepages) {
  /** Nothing to write. */
  public static final CgroupSettings NONE = new CgroupSettings(Map.of(), Map.of());

  public CgroupSettings {
    unified = Map.copyOf(unified);
    hugepages = Map.copyOf(hugepages);
  }

  public boolean isEmpty() {
    return unified.isEmpty() && hugepages.isEmpty();
  }

  /** These settings, with the other ones in place of those that both name. */
  public CgroupSettings changedBy(CgroupSettings later) {
    return new CgroupSettings(joined(unified, later.unified), joined(hugepages, later.hugepages));
  }

  private static Map<String, String> joined(Map<String, String> early, Map<String, String> late) {
    Map<String, String> joined = new HashMap<>(early);
    joined.putAll(late);
    return joined;
  }
}
