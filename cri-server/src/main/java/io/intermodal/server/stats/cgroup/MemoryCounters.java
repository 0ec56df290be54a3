package io.intermodal.server.stats.cgroup;

import java.util.OptionalLong;

/**
 * Memory of a cgroup and those below it, in bytes, and its limits. With {@link Detail#STATISTICS}
 * these are read: usage, limit, inactive file, rss, swap and its limit, the page faults.
 *
 * @param usage all of it, file cache included
 * @param maxUsage the highest that usage ever was
 * @param limit the limit of its own, whatever holds for cgroups above; empty without one
 * @param reservation what the kernel tries to leave it; empty without one
 * @param cache file cache, {@code tmpfs} included
 * @param activeFile file cache in use
 * @param inactiveFile file cache that is the first to be dropped
 * @param mappedFile files mapped into processes
 * @param rss anonymous memory
 * @param kernel memory of the kernel on its behalf
 * @param swap what of it is swapped out; empty without swap accounting
 * @param swapLimit the most that may be swapped out; empty without a limit
 * @param pageFaults since it was made, with cgroups below
 * @param majorPageFaults those of them that went to disk
 * @param ownPageFaults without cgroups below; as {@code pageFaults} where the kernel does not tell
 *     them apart
 * @param ownMajorPageFaults those of them that went to disk
 * @param limitHits how often usage met the limit
 * @param oomKills processes killed for want of memory
 */
public record MemoryCounters(
    long usage,
    OptionalLong maxUsage,
    OptionalLong limit,
    OptionalLong reservation,
    OptionalLong cache,
    OptionalLong activeFile,
    OptionalLong inactiveFile,
    OptionalLong mappedFile,
    OptionalLong rss,
    OptionalLong kernel,
    OptionalLong swap,
    OptionalLong swapLimit,
    OptionalLong pageFaults,
    OptionalLong majorPageFaults,
    OptionalLong ownPageFaults,
    OptionalLong ownMajorPageFaults,
    OptionalLong limitHits,
    OptionalLong oomKills) {

  /** Usage without the file cache that the kernel drops first: what kubelets evict by. */
  public long workingSet() {
    return Math.max(0, usage - inactiveFile.orElse(0));
  }
}
