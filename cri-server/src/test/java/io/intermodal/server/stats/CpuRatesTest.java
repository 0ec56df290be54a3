package io.intermodal.server.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CpuRatesTest {
  private final AtomicLong now = new AtomicLong();
  private final CpuRates rates = new CpuRates(now::get);

  private void pass(long milliseconds) {
    now.addAndGet(Duration.ofMillis(milliseconds).toNanos());
  }

  @Test
  void the_first_reading_has_no_rate_and_the_second_has() {
    assertThat(rates.rate("c", 1_000)).isEmpty();
    pass(2000);
    assertThat(rates.rate("c", 1_000 + 1_000_000_000L)).hasValue(500_000_000);
  }

  @Test
  void less_than_a_second_is_no_base() {
    rates.rate("c", 0);
    pass(999);
    assertThat(rates.rate("c", 5)).isEmpty();
  }

  @Test
  void one_who_asks_often_does_not_disturb_one_who_asks_rarely() {
    rates.rate("c", 0);
    for (int i = 1; i <= 100; i++) {
      pass(100);
      var _ = rates.rate("c", i * 100_000_000L);
    }
    assertThat(rates.rate("c", 10_000_000_000L)).hasValue(1_000_000_000);
    pass(1);
    assertThat(rates.rate("c", 10_001_000_000L)).hasValue(1_000_000_000);
  }

  @Test
  void a_count_that_begins_again_is_a_first_reading() {
    rates.rate("c", 1_000_000);
    pass(2000);
    assertThat(rates.rate("c", 10)).isEmpty();
    pass(1000);
    assertThat(rates.rate("c", 1_000_010)).hasValue(1_000_000);
  }

  @Test
  void what_was_forgotten_begins_again() {
    rates.rate("c", 0);
    rates.forget("c");
    pass(2000);
    assertThat(rates.rate("c", 10)).isEmpty();
  }
}
