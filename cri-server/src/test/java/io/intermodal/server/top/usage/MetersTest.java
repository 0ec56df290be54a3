package io.intermodal.server.top.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.server.top.usage.Pod.Container;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MetersTest {
  private static final long SECOND = 1_000_000_000;

  private final Meters meters = new Meters();

  @Test
  void a_rate_is_what_was_counted_over_the_time_between_the_servers_own_readings() {
    assertThat(cores(cpu(10 * SECOND, 1 * SECOND))).isEmpty();

    assertThat(cores(cpu(14 * SECOND, 2 * SECOND))).hasValue(0.25);
  }

  @Test
  void the_servers_own_rate_is_taken_until_there_are_two_readings() {
    Reading first = withCores(cpu(10 * SECOND, SECOND), 0.5);
    Reading second = withCores(cpu(11 * SECOND, 2 * SECOND), 0.5);

    assertThat(cores(first)).hasValue(0.5);
    assertThat(cores(second)).hasValue(1.0);
  }

  @Test
  void the_same_reading_once_more_changes_nothing() {
    cores(cpu(10 * SECOND, SECOND));
    cores(cpu(12 * SECOND, 2 * SECOND));

    assertThat(cores(cpu(12 * SECOND, 2 * SECOND))).hasValue(0.5);
    assertThat(cores(cpu(14 * SECOND, 6 * SECOND))).hasValue(2.0);
  }

  @Test
  void a_counter_that_began_anew_has_no_rate_until_the_next_reading() {
    cores(cpu(10 * SECOND, 9 * SECOND));

    assertThat(cores(cpu(12 * SECOND, SECOND))).isEmpty();
    assertThat(cores(cpu(14 * SECOND, 2 * SECOND))).hasValue(0.5);
  }

  @Test
  void a_clock_that_was_set_back_makes_no_rate() {
    cores(cpu(10 * SECOND, SECOND));

    assertThat(cores(cpu(5 * SECOND, 2 * SECOND))).isEmpty();
    assertThat(cores(cpu(6 * SECOND, 3 * SECOND))).hasValue(1.0);
  }

  @Test
  void a_container_made_anew_under_its_name_does_not_inherit_a_counter() {
    meters.read(List.of(pod(List.of(new Container<>("old", "web", cpu(10 * SECOND, SECOND))))));

    Pod<Usage> after =
        meters
            .read(
                List.of(pod(List.of(new Container<>("new", "web", cpu(12 * SECOND, 5 * SECOND))))))
            .getFirst();

    assertThat(after.containers().getFirst().known().cores()).isEmpty();
  }

  @Test
  void what_has_vanished_is_gone_and_begins_anew_when_it_is_back() {
    cores(cpu(10 * SECOND, SECOND));

    assertThat(meters.read(List.of())).isEmpty();
    assertThat(cores(cpu(12 * SECOND, 2 * SECOND))).isEmpty();
  }

  @Test
  void a_pod_of_which_nothing_is_known_is_the_sum_of_its_containers() {
    meters.read(
        List.of(
            pod(
                List.of(
                    new Container<>("a", "a", memory(cpu(10 * SECOND, 0), 100)),
                    new Container<>("b", "b", memory(cpu(10 * SECOND, 0), 20))))));

    Usage pod =
        meters
            .read(
                List.of(
                    pod(
                        List.of(
                            new Container<>("a", "a", memory(cpu(11 * SECOND, SECOND), 100)),
                            new Container<>("b", "b", memory(cpu(12 * SECOND, SECOND), 20))))))
            .getFirst()
            .known();

    assertThat(pod.cores()).hasValue(1.5);
    assertThat(pod.memory()).hasValue(120);
    assertThat(pod.traffic()).isEmpty();
  }

  private OptionalDouble cores(Reading reading) {
    return meters
        .read(List.of(new Pod<>("p", "default", "web", reading, List.of())))
        .getFirst()
        .known()
        .cores();
  }

  private static Pod<Reading> pod(List<Container<Reading>> containers) {
    return new Pod<>("p", "default", "web", Reading.NONE, containers);
  }

  private static Reading cpu(long nanos, long used) {
    return new Reading(
        Optional.of(new Counter(nanos, used)),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static Reading withCores(Reading r, double cores) {
    return new Reading(
        r.cpu(),
        OptionalDouble.of(cores),
        r.workingSet(),
        r.limit(),
        r.received(),
        r.sent(),
        r.processes(),
        r.writableLayer());
  }

  private static Reading memory(Reading r, long bytes) {
    return new Reading(
        r.cpu(),
        r.cores(),
        OptionalLong.of(bytes),
        r.limit(),
        r.received(),
        r.sent(),
        r.processes(),
        r.writableLayer());
  }
}
