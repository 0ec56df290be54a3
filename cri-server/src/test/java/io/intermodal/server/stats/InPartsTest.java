package io.intermodal.server.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InPartsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 7, 8, 9, 100, 101})
  void every_item_is_read_once_and_in_order_and_what_is_gone_is_left_out(int count) {
    List<Integer> items = IntStream.range(0, count).boxed().toList();

    List<Integer> read =
        new InParts(3).map(items, item -> item % 5 == 0 ? Optional.empty() : Optional.of(item));

    assertThat(read).isEqualTo(items.stream().filter(item -> item % 5 != 0).toList());
  }

  @Test
  void parts_are_read_at_the_same_time() {
    CountDownLatch both = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();

    List<Integer> read =
        new InParts(2)
            .map(
                IntStream.range(0, 8).boxed().toList(),
                item -> {
                  if (threads.add(Thread.currentThread())) {
                    both.countDown();
                    await(both);
                  }
                  return Optional.of(item);
                });

    assertThat(read).hasSize(8);
    assertThat(threads).hasSize(2);
  }

  @Test
  void a_failure_in_any_part_is_the_failure_of_all() {
    assertThatThrownBy(() ->
            new InParts(2)
                .map(
                    IntStream.range(0, 8).boxed().toList(),
                    item -> {
                      if (item == 7) {
                        throw new IllegalArgumentException("seven");
                      }
                      return Optional.of(item);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("seven");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
