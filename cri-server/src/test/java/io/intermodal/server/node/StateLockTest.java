package io.intermodal.server.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTest {
  @TempDir Path folder;

  @Test
  void aSecondServerIsRefusedUntilTheFirstHasLetGo() throws IOException {
    Path state = folder.resolve("state");
    StateLock first = StateLock.take(state);
    assertThatThrownBy(() -> StateLock.take(state))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(state.toString())
        .hasMessageContaining("--state-dir");
    first.close();
    StateLock.take(state).close();
  }
}
