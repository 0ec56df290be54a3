package io.intermodal.server.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.server.report.EngineReport.Counts;
import io.intermodal.server.report.EngineReport.Health;
import io.intermodal.server.report.EngineReport.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportJsonTest {
  private static final NodeReport REPORT =
      new NodeReport(
          Optional.of(new NodeReport.Server("0.1.0", 42, Instant.parse("2026-11-28T12:00:00Z"))),
          List.of(
              new EngineReport(
                  "docker",
                  true,
                  Optional.of(Kind.TRANSLATED),
                  Optional.of("26.1.5"),
                  Optional.of("unix:///run/docker.sock"),
                  Health.READY,
                  Optional.empty(),
                  List.of("docker", "docker/runc"),
                  new Counts(OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(3), false),
                  Optional.of(
                      new CallTimes(
                          7, 1, Duration.ofNanos(1_500_000), Duration.ofMillis(20), "PullImage"))),
              new EngineReport(
                  "rkt",
                  false,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Health.AWAY,
                  Optional.of("gone"),
                  List.of(),
                  Counts.NONE,
                  Optional.empty())));

  private static final String JSON =
      """
      {
        "server": {"version": "0.1.0", "pid": 42, "since": "2026-11-28T12:00:00Z"},
        "ready": false,
        "engines": [
          {
            "name": "docker", "default": true, "kind": "translated", "version": "26.1.5",
            "socket": "unix:///run/docker.sock", "health": "ready",
            "runtimeHandlers": ["docker", "docker/runc"],
            "pods": 1, "containers": 2, "images": 3, "countsAreLastKnown": false,
            "calls": {
              "count": 7, "failed": 1, "medianMillis": 1.5, "slowestMillis": 20.0,
              "slowestRpc": "PullImage"
            }
          },
          {
            "name": "rkt", "default": false, "health": "away", "why": "gone",
            "runtimeHandlers": [], "countsAreLastKnown": false
          }
        ]
      }
      """;

  @Test
  void what_is_known_is_written_and_nothing_else() {
    assertThat(ReportJson.of(REPORT)).hasToString(JsonParser.parseString(JSON).toString());
  }

  @Test
  void what_was_written_is_read() {
    assertThat(ReportJson.read(ReportJson.of(REPORT))).isEqualTo(REPORT);
  }

  @Test
  void what_a_newer_server_says_more_is_skipped_and_its_new_words_mean_nothing_good() {
    JsonObject newer = ReportJson.of(REPORT);
    newer.addProperty("weather", "fine");
    JsonObject docker = newer.getAsJsonArray("engines").get(0).getAsJsonObject();
    docker.addProperty("kind", "dreamt");
    docker.addProperty("health", "splendid");

    EngineReport read = ReportJson.read(newer).engines().getFirst();

    assertThat(read.kind()).isEmpty();
    assertThat(read.health()).isEqualTo(Health.NOT_READY);
  }
}
