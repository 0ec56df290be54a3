package io.intermodal.docker.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.docker.transport.RequestDeadlines.Deadline;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestKindsTest {
  @ParameterizedTest
  @CsvSource({
    "/v1.41/containers/json?all=1,        total 120",
    "/v1.41/containers/abc/json,          total 120",
    "/v1.41/containers/abc/stop?t=10,     total 40",
    "/v1.41/containers/abc/stop?signal=SIGINT&t=0, total 30",
    "/v1.41/containers/abc/stop,          total 150",
    "/v1.41/containers/abc/restart?t=600, total 630",
    "/v1.41/images/create?fromImage=a,    idle 120",
    "/images/load?quiet=1,                idle 120",
    "/v1.41/images/a/b:c/json,            total 120",
    "/v1.41/containers/abc/archive?path=/,idle 120",
    "/v1.41/containers/abc/logs?follow=1, none",
    "/v1.41/containers/abc/attach?stdin=1,head 120",
    "/v1.41/containers/abc/wait,          none",
    "/v1.41/containers/abc/stats,         none",
    "/v1.41/containers/abc/stats?stream=false&one-shot=1, total 120",
    "/v1.41/events?since=1,               head 120",
    "/v1.41/exec/abc/start,               head 120",
    "/v1.41/exec/abc/json,                total 120",
    "/containers/logs/json,               total 120",
  })
  void eachKindOfRequestHasItsDeadline(String path, String expected) {
    assertThat(shown(RequestDeadlines.DEFAULT.of(path))).isEqualTo(expected);
  }

  private static String shown(Deadline deadline) {
    return switch (deadline) {
      case Deadline.Total(Duration limit) -> "total " + limit.toSeconds();
      case Deadline.Idle(Duration limit) -> "idle " + limit.toSeconds();
      case Deadline.Head(Duration limit) -> "head " + limit.toSeconds();
      case Deadline.None _ -> "none";
    };
  }

  @ParameterizedTest
  @CsvSource({
    "/v1.41/containers/json?all=1,           /containers/json",
    "/v1.41/containers/create?name=x,        /containers/create",
    "/v1.41/containers/4f66/start,           /containers/{}/start",
    "/v1.41/containers/4f66,                 /containers/{}",
    "/v1.41/images/127.0.0.1:5000/a/b:1/json,/images/{}/json",
    "/v1.41/images/127.0.0.1:5000/a/b:1,     /images/{}",
    "/v1.41/images/create?fromImage=a,       /images/create",
    "/v1.41/exec/77/start,                   /exec/{}/start",
    "/_ping,                                 /_ping",
    "/v1.41/events,                          /events",
    "/v1.41/system/df,                       /system/df",
  })
  void requestsAreCountedByTheirKind(String path, String kind) {
    assertThat(RequestCounts.kind(path)).isEqualTo(kind);
  }
}
