package io.intermodal.server.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.streaming.WantedStreams;
import io.intermodal.server.streaming.ports.PortsOffer;
import io.intermodal.server.streaming.process.ProcessOffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OffersTest {
  private static final Offer EXEC =
      new Offer.OfProcess(
          new ProcessOffer("exec", new WantedStreams(false, true, true, false), client -> 0));
  private static final Offer PORTS =
      new Offer.OfPorts(new PortsOffer("pod", List.of(), () -> "/proc/1/ns/net"));

  private final AtomicLong clock = new AtomicLong(-5);
  private final Offers offers = new Offers(clock::get);

  @Test
  void a_token_is_good_once() {
    String token = offers.add(EXEC);

    assertThat(offers.take("exec", token)).contains(EXEC);
    assertThat(offers.take("exec", token)).isEmpty();
  }

  @Test
  void a_token_is_good_for_its_own_kind_only_and_survives_the_attempt() {
    String token = offers.add(PORTS);

    assertThat(offers.take("exec", token)).isEmpty();
    assertThat(offers.take("portforward", token)).contains(PORTS);
  }

  @Test
  void a_token_is_good_for_a_minute() {
    String early = offers.add(EXEC);
    pass(Duration.ofSeconds(1));
    String late = offers.add(EXEC);
    pass(Duration.ofSeconds(60));

    assertThat(offers.take("exec", early)).isEmpty();
    assertThat(offers.take("exec", late)).isPresent();
  }

  @Test
  void tokens_are_unlike_each_other_and_fit_into_a_url() {
    List<String> tokens = IntStream.range(0, 100).mapToObj(_ -> offers.add(EXEC)).toList();

    assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> token.matches("[\\w-]{43}"));
  }

  @Test
  void a_thousand_may_wait_and_the_next_is_refused_until_they_are_old() {
    for (int i = 0; i < 1000; i++) {
      offers.add(EXEC);
    }

    assertThatThrownBy(() -> offers.add(EXEC))
        .isInstanceOfSatisfying(
            CriException.class,
            e -> assertThat(e.code()).isEqualTo(CriException.Code.RESOURCE_EXHAUSTED));
    pass(Duration.ofSeconds(61));
    assertThat(offers.take("exec", offers.add(EXEC))).isPresent();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
