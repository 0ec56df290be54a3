package io.intermodal.server.setup.plan;

import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.change.WantedNode.KernelSetting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The kernel's settings without which pods are not reached: now, and after the next start of the
 * machine.
 *
 * @param bridges whether pods hang on a bridge, whose packets kube-proxy's rules must see
 * @param ipv6 whether pods have addresses of that family
 */
record KernelPart(boolean bridges, boolean ipv6) {
  private static final Path FILE = Path.of("/etc/sysctl.d/99-intermodal.conf");
  private static final Path MODULES = Path.of("/etc/modules-load.d/intermodal.conf");
  private static final String BRIDGE_MODULE = "br_netfilter";

  void into(WantedNode.Builder wanted) {
    List<KernelSetting> settings = settings();
    settings.forEach(wanted::setting);
    wanted.file(
        new WantedFile(
            FILE,
            "# What pods need of the kernel.\n"
                + settings.stream()
                    .map(setting -> "%s = %s\n".formatted(setting.name(), setting.value()))
                    .collect(Collectors.joining()),
            "the kernel's settings must survive a start of the machine"));
    if (bridges) {
      wanted.file(
          new WantedFile(
              MODULES,
              "# Shows the packets of bridges to the packet filter.\n" + BRIDGE_MODULE + "\n",
              "the settings of bridges are there when their module is loaded"));
    }
  }

  private List<KernelSetting> settings() {
    List<KernelSetting> settings = new ArrayList<>();
    settings.add(
        new KernelSetting(
            "net.ipv4.ip_forward",
            "1",
            Optional.empty(),
            "packets to and from pods pass through this node"));
    if (ipv6) {
      settings.add(
          new KernelSetting(
              "net.ipv6.conf.all.forwarding",
              "1",
              Optional.empty(),
              "packets to and from pods pass through this node"));
    }
    if (bridges) {
      Optional<String> module = Optional.of(BRIDGE_MODULE);
      String reason = "rules for services must see the packets between pods of one bridge";
      settings.add(new KernelSetting("net.bridge.bridge-nf-call-iptables", "1", module, reason));
      if (ipv6) {
        settings.add(new KernelSetting("net.bridge.bridge-nf-call-ip6tables", "1", module, reason));
      }
    }
    return settings;
  }
}
