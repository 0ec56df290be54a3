package io.intermodal.server.stats.network;

/** What went through one interface since it was made. */
public record InterfaceCounters(
    String name,
    long receivedBytes,
    long receivedPackets,
    long receiveErrors,
    long receiveDrops,
    long sentBytes,
    long sentPackets,
    long sendErrors,
    long sendDrops) {}
