package io.intermodal.server.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentCallsTest {
  private final RecentCalls calls = new RecentCalls(List.of("docker", "containerd"));

  @Test
  void an_engine_that_nobody_called_has_no_times() {
    assertThat(calls.of("docker")).isEmpty();
    assertThat(calls.of("unheard of")).isEmpty();
  }

  @Test
  void median_and_slowest_are_of_the_calls_to_that_engine() {
    ended("Version", "docker", Status.Code.OK, 1);
    ended("RunPodSandbox", "docker", Status.Code.OK, 300);
    ended("ListImages", "docker", Status.Code.OK, 2);
    ended("PullImage", "containerd", Status.Code.OK, 9000);
    ended("ListImages", "all", Status.Code.OK, 9000);

    assertThat(calls.of("docker")).contains(times(3, 0, 2, 300, "RunPodSandbox"));
  }

  @Test
  void a_call_that_its_caller_gave_up_is_no_failure() {
    ended("Version", "docker", Status.Code.CANCELLED, 1);
    ended("Version", "docker", Status.Code.NOT_FOUND, 1);
    ended("Version", "docker", Status.Code.DEADLINE_EXCEEDED, 1);

    assertThat(calls.of("docker")).contains(times(3, 2, 1, 1, "Version"));
  }

  @Test
  void a_stream_of_events_lasts_as_long_as_its_caller_wants_and_does_not_count() {
    ended("GetContainerEvents", "docker", Status.Code.CANCELLED, 1_000_000);

    assertThat(calls.of("docker")).isEmpty();
  }

  @Test
  void only_the_last_hundred_are_remembered() {
    ended("PullImage", "docker", Status.Code.UNKNOWN, 9000);
    for (int i = 1; i <= RecentCalls.KEPT; i++) {
      ended("Version", "docker", Status.Code.OK, i);
    }

    assertThat(calls.of("docker")).contains(times(100, 0, 50, 100, "Version"));
  }

  private void ended(String rpc, String engine, Status.Code code, long millis) {
    calls.began(rpc);
    calls.ended(rpc, engine, code, Duration.ofMillis(millis).toNanos());
  }

  private static CallTimes times(
      int count, int failed, long median, long slowest, String slowestRpc) {
    return new CallTimes(
        count, failed, Duration.ofMillis(median), Duration.ofMillis(slowest), slowestRpc);
  }
}
