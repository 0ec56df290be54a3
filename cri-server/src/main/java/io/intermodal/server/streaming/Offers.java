package io.intermodal.server.streaming;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Offers by their tokens. A token cannot be guessed, is good once and for a minute, and no more
 * than a thousand wait at a time.
 */
final class Offers {
  static final Duration LIFE = Duration.ofSeconds(60);
  static final int MOST = 1000;

  /** 128 bits cannot be guessed; these are twice as many. */
  private static final int TOKEN_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanoTime;
  // Oldest first.
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  private record Waiting(Offer offer, long since) {}

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Offers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Keeps the offer and answers its token.
   *
   * @throws CriException RESOURCE_EXHAUSTED when too many wait
   */
  synchronized String add(Offer offer) {
    forgetOld();
    if (waiting.size() >= MOST) {
      throw new CriException(
          Code.RESOURCE_EXHAUSTED,
          "%s: %d clients have asked for a URL within the last minute and not come; try again later"
              .formatted(offer.name(), MOST));
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    waiting.put(token, new Waiting(offer, nanoTime.getAsLong()));
    return token;
  }

  /** Gives the offer away: the token is of no use afterwards, whatever becomes of the client. */
  synchronized Optional<Offer> take(String name, String token) {
    forgetOld();
    Waiting found = waiting.get(token);
    if (found == null || !found.offer().name().equals(name)) {
      return Optional.empty();
    }
    waiting.remove(token);
    return Optional.of(found.offer());
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    waiting.values().removeIf(old -> now - old.since() > LIFE.toNanos());
  }
}
