package io.intermodal.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.server.report.CallTimes;
import io.intermodal.server.report.EngineReport;
import io.intermodal.server.report.EngineReport.Counts;
import io.intermodal.server.report.EngineReport.Health;
import io.intermodal.server.report.EngineReport.Kind;
import io.intermodal.server.report.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportTextTest {
  private static final Optional<NodeReport.Server> SERVER =
      Optional.of(new NodeReport.Server("0.1.0", 42, Instant.parse("2026-11-28T12:00:00.5Z")));

  @Test
  void engines_are_rows_and_what_is_wrong_with_them_is_said_below() {
    NodeReport report =
        new NodeReport(
            SERVER,
            List.of(
                engine("docker", Health.READY, "", false, Optional.of(times(100, 3, 1.24, 4100))),
                engine("containerd", Health.NOT_READY, "NetworkReady: no\ncni", false, times()),
                engine("cri-o", Health.AWAY, "it is not there", true, Optional.empty())));

    assertThat(text(report))
        .isEqualTo(
            """
            intermodal 0.1.0 (pid 42) on unix:///s since 2026-11-28 12:00:00 UTC

            ENGINE            KIND        VERSION  HEALTH     PODS  CONTAINERS  IMAGES  CALLS  FAILED  MEDIAN  SLOWEST
            docker (default)  translated  1.2      ready         2          30       4    100       3   1.2ms     4.1s  PullImage
            containerd        forwarded   1.2      not ready     2          30       4      1       0    12ms     12ms  PullImage
            cri-o             forwarded   -        away         2*         30*      4*      -       -       -        -

            containerd is not ready: NetworkReady: no cni
            cri-o is away: it is not there
            * when it last answered

            ENGINE      SOCKET                  RUNTIME HANDLERS
            docker      unix:///run/docker      docker, docker/kata
            containerd  unix:///run/containerd  containerd, containerd/kata
            cri-o       unix:///run/cri-o       cri-o, cri-o/kata
            """);
  }

  @Test
  void of_another_server_what_cri_does_not_say_is_not_known() {
    NodeReport report =
        new NodeReport(
            Optional.empty(),
            List.of(
                new EngineReport(
                    "containerd",
                    true,
                    Optional.empty(),
                    Optional.of("v1.7.2"),
                    Optional.of("unix:///s"),
                    Health.READY,
                    Optional.empty(),
                    List.of(),
                    new Counts(OptionalInt.of(0), OptionalInt.of(0), OptionalInt.empty(), false),
                    Optional.empty())));

    assertThat(text(report))
        .isEqualTo(
            """
            unix:///s is another CRI server's, or an older intermodal's: this is what it says over CRI

            ENGINE      KIND  VERSION  HEALTH  PODS  CONTAINERS  IMAGES  CALLS  FAILED  MEDIAN  SLOWEST
            containerd  -     v1.7.2   ready      0           0       -      -       -       -        -

            ENGINE      SOCKET     RUNTIME HANDLERS
            containerd  unix:///s  -
            """);
  }

  @Test
  void nothing_that_a_server_says_is_a_command_to_the_terminal() {
    NodeReport report =
        new NodeReport(
            SERVER,
            List.of(engine("docker", Health.AWAY, "\033[2J\tgone", false, Optional.empty())));

    assertThat(text(report)).contains("docker is away:  [2J gone").doesNotContain("\033");
  }

  private static EngineReport engine(
      String name, Health health, String why, boolean lastKnown, Optional<CallTimes> calls) {
    return new EngineReport(
        name,
        name.equals("docker"),
        Optional.of(name.equals("docker") ? Kind.TRANSLATED : Kind.FORWARDED),
        health == Health.AWAY ? Optional.empty() : Optional.of("1.2"),
        Optional.of("unix:///run/" + name),
        health,
        why.isEmpty() ? Optional.empty() : Optional.of(why),
        List.of(name, name + "/kata"),
        new Counts(OptionalInt.of(2), OptionalInt.of(30), OptionalInt.of(4), lastKnown),
        calls);
  }

  private static Optional<CallTimes> times() {
    return Optional.of(times(1, 0, 12.4, 12.4));
  }

  private static CallTimes times(int count, int failed, double median, double slowest) {
    return new CallTimes(count, failed, millis(median), millis(slowest), "PullImage");
  }

  private static Duration millis(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  private static String text(NodeReport report) {
    return String.join("\n", ReportText.lines(report, "unix:///s")) + "\n";
  }
}
