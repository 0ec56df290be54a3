package io.intermodal.server.streaming;

import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Sessions by what they are; one lasts as long as its client's connection. */
public final class SessionCounts {
  private static final List<String> KINDS = List.of("exec", "attach", Offer.OfPorts.NAME);

  private final Map<String, Adders> byKind =
      KINDS.stream()
          .collect(
              Collectors.toMap(
                  kind -> kind, kind -> new Adders(), (a, b) -> a, LinkedHashMap::new));

  SessionCounts() {}

  private record Adders(LongAdder begun, LongAdder ended) {
    Adders() {
      this(new LongAdder(), new LongAdder());
    }
  }

  /**
   * Sessions of one kind.
   *
   * @param kind {@code exec}, {@code attach} or {@code portforward}
   * @param open going on now
   * @param begun since the start
   */
  public record Sessions(String kind, long open, long begun) {}

  /** A client's connection was upgraded to what was offered. */
  void began(Offer offer, Channel client) {
    Adders adders = byKind.get(offer.name());
    if (adders == null) {
      throw new IllegalArgumentException("sessions of no known kind: " + offer.name());
    }
    adders.begun.increment();
    var _ = client.closeFuture().addListener(_ -> adders.ended.increment());
  }

  /** All kinds, those without a session too. */
  public List<Sessions> now() {
    return byKind.entrySet().stream()
        .map(entry -> {
          // In this order, so that a session that ends meanwhile never makes less than none.
          long ended = entry.getValue().ended.sum();
          long begun = entry.getValue().begun.sum();
          return new Sessions(entry.getKey(), begun - ended, begun);
        })
        .toList();
  }
}
