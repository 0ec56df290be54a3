package io.intermodal.server.setup.plan;

import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.change.WantedNode.FilterRule;
import io.intermodal.server.setup.host.PacketRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lets packets through to pods on a node with Docker. dockerd has the chain FORWARD drop what
 * no rule accepts; CNI's firewall plugin accepts what pods begin and the answers to it, not what
 * others begin, such as a connection from another machine to a host port.
 *
 * @param ranges of the pods' addresses
 */
record ForwardingPart(List<String> ranges) {
  private static final String CHAIN = "FORWARD";

  ForwardingPart {
    ranges = List.copyOf(ranges);
  }

  void into(WantedNode.Builder wanted) {
    rules(ranges)
        .forEach(rule ->
            wanted.rule(
                new FilterRule(
                    rule, "dockerd lets FORWARD drop packets that others send to pods")));
  }

  /** Both ways, since a pod's own rules come and go with it. */
  static List<PacketRule> rules(List<String> ranges) {
    return ranges.stream()
        .flatMap(range -> Stream.of(rule("-s", range), rule("-d", range)))
        .toList();
  }

  private static PacketRule rule(String direction, String range) {
    return new PacketRule(
        range.contains(":") ? "ip6tables" : "iptables",
        CHAIN,
        List.of(direction, range, "-m", "comment", "--comment", "intermodal", "-j", "ACCEPT"));
  }
}
