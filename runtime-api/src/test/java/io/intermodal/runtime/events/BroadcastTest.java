package io.intermodal.runtime.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BroadcastTest {
  private static final int BOUND = 100;

  private final Broadcast<Integer> broadcast =
      new Broadcast<>(BOUND, new CriException(Code.UNAVAILABLE, "closed"));

  @Test
  void each_reader_gets_what_was_published_after_it_came_in_order() throws Exception {
    try (Subscription<Integer> early = broadcast.subscribe()) {
      broadcast.publish(1);
      try (Subscription<Integer> late = broadcast.subscribe()) {
        broadcast.publish(2);
        broadcast.publish(3);

        assertThat(take(early, 3)).containsExactly(1, 2, 3);
        assertThat(take(late, 2)).containsExactly(2, 3);
      }
    }
  }

  @Test
  void a_reader_that_waits_gets_all_that_several_publishers_tell() throws Exception {
    Broadcast<Integer> roomy = new Broadcast<>(4000, new CriException(Code.UNAVAILABLE, "closed"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Subscription<Integer> one = roomy.subscribe();
        Subscription<Integer> other = roomy.subscribe()) {
      Future<List<Integer>> first = threads.submit(() -> take(one, 4000));
      Future<List<Integer>> second = threads.submit(() -> take(other, 4000));
      for (int publisher = 0; publisher < 4; publisher++) {
        int from = publisher * 1000;
        var _ = threads.submit(() -> IntStream.range(from, from + 1000).forEach(roomy::publish));
      }

      assertThat(first.get()).hasSize(4000).doesNotHaveDuplicates().isEqualTo(second.get());
      assertThat(first.get().stream().filter(i -> i < 1000)).isSorted();
    }
  }

  @Test
  void a_reader_that_is_too_slow_is_told_and_holds_up_nobody() throws Exception {
    try (Subscription<Integer> slow = broadcast.subscribe();
        Subscription<Integer> quick = broadcast.subscribe()) {
      for (int i = 0; i <= BOUND; i++) {
        broadcast.publish(i);
        assertThat(take(quick, 1)).containsExactly(i);
      }

      assertThatThrownBy(() -> slow.next(() -> true))
          .isInstanceOfSatisfying(
              CriException.class, e -> assertThat(e.code()).isEqualTo(Code.RESOURCE_EXHAUSTED))
          .hasMessageContaining("subscribe anew")
          .hasMessageContaining("list again");
      assertThat(broadcast.readers()).isEqualTo(1);
    }
  }

  @Test
  void a_reader_as_slow_as_the_bound_allows_misses_nothing() throws Exception {
    try (Subscription<Integer> reader = broadcast.subscribe()) {
      IntStream.range(0, BOUND).forEach(broadcast::publish);

      assertThat(take(reader, BOUND)).isEqualTo(IntStream.range(0, BOUND).boxed().toList());
    }
  }

  @Test
  void an_event_waits_until_its_reader_is_ready() throws Exception {
    AtomicBoolean ready = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Subscription<Integer> reader = broadcast.subscribe()) {
      Future<Optional<Integer>> taken = threads.submit(() -> reader.next(ready::get));
      broadcast.publish(1);
      reader.readerChanged();
      assertThat(taken.isDone()).isFalse();

      ready.set(true);
      reader.readerChanged();

      assertThat(taken.get()).contains(1);
    }
  }

  @Test
  void a_reader_that_is_not_ready_hears_at_once_that_it_was_too_slow() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Subscription<Integer> reader = broadcast.subscribe()) {
      Callable<Optional<Integer>> stuck = () -> reader.next(() -> false);
      Future<Optional<Integer>> taken = threads.submit(stuck);
      IntStream.rangeClosed(0, BOUND).forEach(broadcast::publish);

      assertThatThrownBy(taken::get).rootCause().hasMessageContaining("waiting to be read");
    }
  }

  @Test
  void a_reader_that_leaves_is_forgotten_and_its_wait_ends() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Subscription<Integer> reader = broadcast.subscribe();
      assertThat(broadcast.hasReaders()).isTrue();
      Future<Optional<Integer>> taken = threads.submit(() -> reader.next(() -> true));

      reader.close();

      assertThat(taken.get()).isEmpty();
      assertThat(broadcast.hasReaders()).isFalse();
      assertThat(broadcast.readers()).isZero();
    }
  }

  @Test
  void closing_ends_the_readers_and_those_that_come_later() {
    try (Subscription<Integer> early = broadcast.subscribe()) {
      broadcast.close();

      try (Subscription<Integer> late = broadcast.subscribe()) {
        for (Subscription<Integer> reader : List.of(early, late)) {
          assertThatThrownBy(() -> reader.next(() -> true)).hasMessage("closed");
        }
      }
      assertThat(broadcast.readers()).isZero();
    }
  }

  private static List<Integer> take(Subscription<Integer> reader, int count)
      throws InterruptedException {
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(reader.next(() -> true).orElseThrow());
    }
    return taken;
  }
}
