package io.intermodal.server.setup.doctor;

import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Finding.Severity;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.host.KernelSettings;
import io.intermodal.server.setup.host.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what pods need to be reached: CNI's plugins and networks, forwarding, one packet filter.
 *
 * @param folder of CNI's network files
 * @param plugins where its plugins are
 * @param files the machine's files
 * @param kernel the kernel's settings
 * @param programs asks the packet filters
 */
record NetworkExamination(
    Path folder,
    PluginDirectories plugins,
    HostFiles files,
    KernelSettings kernel,
    Programs programs) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<String> NEEDED = List.of("bridge", "host-local", "portmap", "firewall");
  private static final String FORWARDING = "net.ipv4.ip_forward";

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    List<String> missing = NEEDED.stream().filter(name -> plugins.find(name).isEmpty()).toList();
    if (!missing.isEmpty()) {
      findings.add(
          new Finding(
              Severity.BROKEN,
              "cni",
              "CNI plugins are missing in %s: %s".formatted(plugins, String.join(", ", missing)),
              "apt install containernetworking-plugins, or say where they are (--cni-bin-dir)"));
    }
    try {
      if (files.names(folder).stream()
          .noneMatch(name -> name.matches(".*\\.(conf|conflist|json)"))) {
        findings.add(
            new Finding(
                Severity.BROKEN,
                "cni",
                "there is no network in %s: pods get no address".formatted(folder),
                "\"intermodal node up\" writes one; so does the installation of a network such as Calico"));
      }
      if (kernel.read(FORWARDING).filter("0"::equals).isPresent()) {
        findings.add(
            new Finding(
                Severity.BROKEN,
                "kernel",
                FORWARDING + " is 0: packets to and from pods do not pass through this node",
                "sysctl -w %s=1".formatted(FORWARDING)));
      }
      twoFilters().ifPresent(findings::add);
    } catch (IOException e) {
      findings.add(
          new Finding(
              Severity.DOUBTFUL,
              "network",
              "the network cannot be looked at: " + e.getMessage(),
              "look at it by hand: ls %s; iptables-save".formatted(folder)));
    }
    return findings;
  }

  /** Rules of the old and of the new backend both count, and nobody sees the whole. */
  private Optional<Finding> twoFilters() throws IOException {
    int legacy = rules("iptables-legacy-save");
    int modern = rules("iptables-nft-save");
    return legacy == 0 || modern == 0
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Severity.DOUBTFUL,
                "iptables",
                "there are rules in both backends, legacy (%d) and nf_tables (%d): packets pass both, and programs see one"
                    .formatted(legacy, modern),
                "choose one for all programs (update-alternatives --config iptables) and start the machine anew"));
  }

  private int rules(String save) throws IOException {
    Optional<Path> program = files.program(save);
    if (program.isEmpty()) {
      return 0;
    }
    Programs.Result saved = programs.run(List.of(program.get().toString()), "", PATIENCE);
    return saved.code() == 0
        ? (int) saved.out().lines().filter(line -> line.startsWith("-A ")).count()
        : 0;
  }
}
