package io.intermodal.server.setup.doctor;

import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Finding.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at the machine: capabilities, cgroups, mounts, swap, disks.
 *
 * @param host what it is and allows
 * @param proc where procfs is
 * @param folders where engines keep much
 */
record HostExamination(Host host, Path proc, List<Path> folders) {
  private static final int LOWEST_OOM_SCORE_ADJ = -1000;

  /** From there on kubelets evict pods by default: {@code nodefs.available<10%}. */
  private static final double LEAST_FREE = 0.1;

  HostExamination {
    folders = List.copyOf(folders);
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (host.lowestOomScoreAdj() > LOWEST_OOM_SCORE_ADJ) {
      findings.add(
          new Finding(
              Severity.DOUBTFUL,
              "capabilities",
              "CAP_SYS_RESOURCE is missing: pods that ask for an oom_score_adj below %d get that, and Docker before 23 cannot run privileged containers"
                  .formatted(host.lowestOomScoreAdj()),
              "give it to the container or machine that this node runs in; containerd needs restrict_oom_score_adj = true without it"));
    }
    try {
      findings.addAll(mounts());
      findings.addAll(swap());
      findings.addAll(disks());
    } catch (IOException e) {
      findings.add(
          new Finding(
              Severity.BROKEN,
              proc.toString(),
              "the machine cannot be looked at: " + e.getMessage(),
              "mount procfs at " + proc));
    }
    return findings;
  }

  /** A line of mountinfo has its optional fields, such as shared:1, from the seventh word on. */
  private List<Finding> mounts() throws IOException {
    for (String line : lines("self/mountinfo")) {
      String[] words = line.split(" ", -1);
      if (words.length > 6 && words[4].equals("/")) {
        return words[6].startsWith("shared:")
            ? List.of()
            : List.of(
                new Finding(
                    Severity.DOUBTFUL,
                    "mounts",
                    "/ is mounted private: volumes with mount propagation (rshared, rslave) are refused, and mounts made later do not reach pods",
                    "mount --make-rshared /"));
      }
    }
    return List.of();
  }

  private List<Finding> swap() throws IOException {
    // The first line is a heading.
    return lines("swaps").size() < 2
        ? List.of()
        : List.of(
            new Finding(
                Severity.DOUBTFUL,
                "swap",
                "swap is on: a kubelet does not start unless it is told to tolerate it",
                "swapoff -a, or failSwapOn: false in the kubelet's configuration"));
  }

  private List<Finding> disks() throws IOException {
    List<Finding> findings = new ArrayList<>();
    Set<FileStore> stores = new LinkedHashSet<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      FileStore store = Files.getFileStore(folder);
      double free = (double) store.getUsableSpace() / Math.max(1, store.getTotalSpace());
      if (stores.add(store) && store.getTotalSpace() > 0 && free < LEAST_FREE) {
        findings.add(
            new Finding(
                Severity.BROKEN,
                folder.toString(),
                "its disk has %.0f %% left (%d MB): kubelets evict pods from 10 %% on, and images cannot be pulled"
                    .formatted(free * 100, store.getUsableSpace() >> 20),
                "make room: \"crictl rmi --prune\" removes images that nobody uses"));
      }
    }
    return findings;
  }

  private List<String> lines(String file) throws IOException {
    Path path = proc.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path, StandardCharsets.UTF_8) : List.of();
  }
}
