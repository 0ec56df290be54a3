package io.intermodal.server.stats.metrics;

import static io.intermodal.server.stats.metrics.MetricFamily.counter;

import io.intermodal.server.stats.network.InterfaceCounters;
import java.util.List;
import java.util.function.ToLongFunction;

/** What went through a pod's network interfaces. */
final class NetworkMetrics {
  /** By interface. */
  static final List<MetricFamily<InterfaceCounters>> TRAFFIC =
      List.of(
          byInterface(
              "container_network_receive_bytes_total",
              "Bytes received.",
              InterfaceCounters::receivedBytes),
          byInterface(
              "container_network_receive_packets_total",
              "Packets received.",
              InterfaceCounters::receivedPackets),
          byInterface(
              "container_network_receive_packets_dropped_total",
              "Packets dropped on receipt.",
              InterfaceCounters::receiveDrops),
          byInterface(
              "container_network_receive_errors_total",
              "Packets received with errors.",
              InterfaceCounters::receiveErrors),
          byInterface(
              "container_network_transmit_bytes_total",
              "Bytes sent.",
              InterfaceCounters::sentBytes),
          byInterface(
              "container_network_transmit_packets_total",
              "Packets sent.",
              InterfaceCounters::sentPackets),
          byInterface(
              "container_network_transmit_packets_dropped_total",
              "Packets dropped before they were sent.",
              InterfaceCounters::sendDrops),
          byInterface(
              "container_network_transmit_errors_total",
              "Packets that could not be sent for errors.",
              InterfaceCounters::sendErrors));

  private NetworkMetrics() {}

  private static MetricFamily<InterfaceCounters> byInterface(
      String name, String help, ToLongFunction<InterfaceCounters> count) {
    return counter(
        name,
        help,
        List.of("interface"),
        (counters, sink) -> sink.value(count.applyAsLong(counters), counters.name()));
  }
}
