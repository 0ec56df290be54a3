package io.intermodal.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectedOutputTest {
  private final CollectedOutput client = new CollectedOutput(8);

  @Test
  void outputAndErrorsAreKeptApartAndTogetherUpToTheLimit() throws IOException {
    client.stdout().write(bytes("12345"));
    client.stderr().write(bytes("abcdef"));
    client.stdout().write(bytes("6"));

    assertThat(client.output().toStringUtf8()).isEqualTo("12345");
    assertThat(client.errors().toStringUtf8()).isEqualTo("abc");
  }

  @Test
  void itSendsNothing() throws IOException {
    assertThat(client.stdin().read()).isEqualTo(-1);
  }

  @Test
  void whoWantsToKnowIsToldOnceThatItHasGone() {
    List<String> told = new ArrayList<>();
    client.onGone(() -> told.add("before"));
    client.leave();
    client.leave();
    client.onGone(() -> told.add("after"));

    assertThat(told).containsExactly("before", "after");
    assertThatThrownBy(() -> client.stdout().write(1)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({"false,false,false,false", "true,true,true,true", "false,false,true,true"})
  void streamsThatCannotBeMeantAreRefused(
      boolean stdin, boolean stdout, boolean stderr, boolean terminal) {
    assertThatThrownBy(() -> WantedStreams.of(stdin, stdout, stderr, terminal))
        .isInstanceOfSatisfying(
            CriException.class,
            e -> assertThat(e.code()).isEqualTo(CriException.Code.INVALID_ARGUMENT));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
