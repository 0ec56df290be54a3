package io.intermodal.tests.host;

import java.util.List;

/** The rules of iptables as they are now. */
public record PacketFilter(List<String> lines) {

  public static PacketFilter ofThisHost() {
    return new PacketFilter(Command.output("iptables-save").lines().toList());
  }

  /** Rules that speak of a pod's address. */
  public List<String> about(String address) {
    return lines.stream()
        .filter(line -> line.contains(" " + address + "/") || line.contains(" " + address + ":"))
        .toList();
  }

  /** Rules that speak of a port of the host. */
  public List<String> about(int hostPort) {
    return lines.stream()
        .filter(line -> line.matches(".* --(dport|dports) %d( .*)?".formatted(hostPort)))
        .toList();
  }
}
