package io.intermodal.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a connected engine counts, at one moment. Counts are since the start of this server.
 *
 * @param up whether the engine answers and what is on it has been read
 * @param sinceLastEvent how long it has told nothing of a change; empty when it never has
 * @param disconnects how often it went away
 * @param resyncs how often everything on it was read, which follows each connection
 * @param sandboxes known now
 * @param containers known now
 * @param images known now
 * @param requests what was sent to it
 */
public record EngineFigures(
    boolean up,
    Optional<Duration> sinceLastEvent,
    long disconnects,
    long resyncs,
    int sandboxes,
    int containers,
    int images,
    List<Requests> requests) {

  public EngineFigures {
    requests = List.copyOf(requests);
  }

  /**
   * Requests of one kind that one RPC has caused.
   *
   * @param rpc as {@link CurrentRpc#name} says
   * @param kind in the engine's own terms, without names and ids: {@code POST /containers/{}/start}
   * @param count how many
   */
  public record Requests(String rpc, String kind, long count) {}
}
