package io.intermodal.server.streaming.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.runtime.streaming.TerminalSize;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandProtocolTest {
  @ParameterizedTest
  @CsvSource({
    "'', V1",
    "channel.k8s.io, V1",
    "v4.channel.k8s.io, V4",
    "v9.channel.k8s.io|v3.channel.k8s.io|v4.channel.k8s.io, V3",
    "v5.channel.k8s.io|v4.channel.k8s.io, V5",
  })
  void the_version_is_the_one_that_the_client_likes_best_of_those_that_are_known(
      String offered, CommandProtocol chosen) {
    assertThat(CommandProtocol.ofSpdy(list(offered))).contains(chosen);
  }

  @Test
  void a_client_that_knows_none_of_ours_gets_none() {
    assertThat(CommandProtocol.ofSpdy(List.of("v9.channel.k8s.io"))).isEmpty();
    assertThat(CommandProtocol.OverWebSocket.of(List.of("v3.channel.k8s.io"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', V1, BINARY",
    "channel.k8s.io, V1, BINARY",
    "base64.channel.k8s.io, V1, BASE64",
    "v4.base64.channel.k8s.io|v4.channel.k8s.io, V4, BASE64",
    "v5.channel.k8s.io|v4.channel.k8s.io, V5, BINARY",
  })
  void a_web_socket_says_its_encoding_with_its_version(
      String offered, CommandProtocol version, String encoding) {
    assertThat(CommandProtocol.OverWebSocket.of(list(offered)))
        .hasValueSatisfying(chosen -> {
          assertThat(chosen.version()).isEqualTo(version);
          assertThat(chosen.encoding()).hasToString(encoding);
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"V4", "V5"})
  void newer_versions_tell_the_end_as_json(CommandProtocol version) {
    assertThat(status(new ExitStatus.Exited(0), version))
        .hasToString("{\"metadata\":{},\"status\":\"Success\"}");
    JsonObject failure = status(new ExitStatus.Exited(3), version);
    assertThat(failure.get("status").getAsString()).isEqualTo("Failure");
    assertThat(failure.get("reason").getAsString()).isEqualTo("NonZeroExitCode");
    assertThat(failure.get("details"))
        .hasToString("{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}");
    assertThat(status(new ExitStatus.Failed("no such thing"), version).get("message").getAsString())
        .isEqualTo("no such thing");
  }

  @ParameterizedTest
  @EnumSource(names = {"V1", "V2", "V3"})
  void older_versions_tell_failures_as_text_and_nothing_of_success(CommandProtocol version) {
    assertThat(new ExitStatus.Exited(0).toBytes(version)).isEmpty();
    assertThat(new ExitStatus.Exited(3).toBytes(version)).asString().contains("exit code 3");
    assertThat(new ExitStatus.Failed("no such thing").toBytes(version))
        .asString()
        .isEqualTo("no such thing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"Width\":80,\"Height\":24}; 80x24",
        "{\"Width\":80,\"Height\":24}{\"Width\":81,\"Height\":25} ; 80x24 81x25",
        "{\"Height\":24}; 0x24",
        "{\"Width\":-1,\"Height\":99999999}; 0x65535",
        "{\"Width\":80,\"Height\":24}nonsense{\"Width\":1,\"Height\":1}; 80x24",
        "{\"Width\":\"wide\"}; ''",
        "[]; ''",
        "''; ''",
      })
  void sizes_are_read_until_something_is_none(String sent, String told) {
    List<String> sizes = new ArrayList<>();

    TerminalSizes.tell(
        new ByteArrayInputStream(sent.getBytes(StandardCharsets.UTF_8)),
        (TerminalSize size) -> sizes.add(size.width() + "x" + size.height()));

    assertThat(String.join(" ", sizes)).isEqualTo(told);
  }

  private static JsonObject status(ExitStatus status, CommandProtocol version) {
    return JsonParser.parseString(new String(status.toBytes(version), StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\\|", -1));
  }
}
