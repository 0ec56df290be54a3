package io.intermodal.docker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.docker.session.OutputFrames.ClientGoneException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFramesTest {
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final OutputFrames frames = new OutputFrames(true, stdout, stderr);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 13, 16, 100})
  void outputAndErrorsComeApartWhateverAReadTakes(int read) throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.writeBytes(frame(1, "one "));
    sent.writeBytes(frame(2, "bad "));
    sent.writeBytes(frame(1, ""));
    sent.writeBytes(frame(1, "two"));
    sent.writeBytes(frame(3, "docker"));
    byte[] bytes = sent.toByteArray();
    for (int at = 0; at < bytes.length; at += read) {
      take(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + read)));
    }
    frames.end();
    assertThat(stdout).hasToString("one two");
    assertThat(stderr).hasToString("bad docker");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noByteIsLostOrMovedAtAnyBorder(long seed) throws IOException {
    Random random = new Random(seed);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    ByteArrayOutputStream[] expected = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    for (int i = 0; i < 200; i++) {
      byte[] content = new byte[random.nextInt(10) == 0 ? 32 * 1024 : random.nextInt(40)];
      random.nextBytes(content);
      int channel = 1 + random.nextInt(2);
      expected[channel - 1].writeBytes(content);
      sent.writeBytes(frame(channel, content));
    }
    byte[] bytes = sent.toByteArray();
    int at = 0;
    while (at < bytes.length) {
      int count = 1 + random.nextInt(random.nextBoolean() ? 10 : OutputFrames.LONGEST);
      take(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + count)));
      at += count;
    }
    frames.end();
    assertThat(stdout.toByteArray()).isEqualTo(expected[0].toByteArray());
    assertThat(stderr.toByteArray()).isEqualTo(expected[1].toByteArray());
  }

  @Test
  void aWholeFrameIsHandedOverAtOnce() throws IOException {
    int[] writes = {0};
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int b) {
            writes[0]++;
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            writes[0]++;
          }
        };
    byte[] longest = frame(1, new byte[32 * 1024]);
    assertThat(longest).hasSize(OutputFrames.LONGEST);
    new OutputFrames(true, counting, counting).take(longest, longest.length);
    assertThat(writes[0]).isEqualTo(1);
  }

  @Test
  void aTerminalsOutputIsTakenAsItIs() throws IOException {
    OutputFrames terminal = new OutputFrames(false, stdout, stderr);
    byte[] bytes = frame(2, "not a frame");
    terminal.take(bytes, bytes.length);
    terminal.end();
    assertThat(stdout.toByteArray()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 11})
  void anEndWithinAFrameIsALoss(int length) throws IOException {
    take(Arrays.copyOf(frame(1, "lost"), length));
    assertThatThrownBy(frames::end).isInstanceOf(EOFException.class);
  }

  @Test
  void whatIsNotDockersIsRefused() {
    assertThatThrownBy(() -> take("HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void aClientThatTakesNoMoreIsToldFromADockerThatBreaks() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new ProtocolException("gone");
          }
        };
    byte[] bytes = frame(1, "x");
    assertThatThrownBy(() -> new OutputFrames(true, gone, gone).take(bytes, bytes.length))
        .isInstanceOf(ClientGoneException.class);
  }

  private void take(byte[] bytes) throws IOException {
    frames.take(bytes, bytes.length);
  }

  static byte[] frame(int channel, String content) {
    return frame(channel, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] frame(int channel, byte[] content) {
    return ByteBuffer.allocate(8 + content.length)
        .put((byte) channel)
        .putInt(4, content.length)
        .put(8, content)
        .array();
  }
}
