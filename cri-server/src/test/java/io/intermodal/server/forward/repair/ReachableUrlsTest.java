package io.intermodal.server.forward.repair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReachableUrlsTest {
  @ParameterizedTest
  @CsvSource({
    ":10010/exec/token, http://127.0.0.1:10010/exec/token",
    "//:10010/exec/token, http://127.0.0.1:10010/exec/token",
    "http://:10010/exec/token, http://127.0.0.1:10010/exec/token",
    "https://:10010/exec/token, https://127.0.0.1:10010/exec/token",
    "//10.0.0.1:10010/exec/token, http://10.0.0.1:10010/exec/token",
    "10.0.0.1:10010/exec/token, http://10.0.0.1:10010/exec/token",
    "node:10010/exec/token?a=b, http://node:10010/exec/token?a=b",
    "[::1]:10010/exec/token, http://[::1]:10010/exec/token",
    ":10010, http://127.0.0.1:10010",
  })
  void what_a_url_lacks_is_added(String url, String completed) {
    assertThat(ReachableUrls.completed(url)).contains(completed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:10010/exec/token",
        "https://node:10010/exec/token",
        "http://[::1]:10010/exec/token",
        "http://node/exec/token",
        "/exec/token",
        "unix:///run/engine.sock",
        "ws://node:10010/exec/token",
        "",
        "nonsense",
        ":port/exec/token",
      })
  void what_lacks_nothing_or_too_much_stays_as_it_is(String url) {
    assertThat(ReachableUrls.completed(url)).isEmpty();
  }
}
