package io.intermodal.docker.api;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.intermodal.runtime.node.LogSource;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container's output as Docker keeps it, whichever log driver does that.
 *
 * <p>Docker cuts output into messages of at most 16 KiB: a line, or a part of a longer one, which
 * then lacks the line's end. Each has the time at which Docker read it. Without a terminal a
 * message is a frame (channel and length); with one, messages follow each other without a border,
 * but a part has exactly 16 KiB, so its end is known.
 */
public final class DockerLogSource implements LogSource {
  private static final int LONGEST_PART = 16 * 1024;
  private static final int BUFFER = 64 * 1024;
  private static final int LONGEST_TIME = 40;
  private static final int FRAME_HEADER = 8;
  private static final int STDERR = 2;
  private static final int TIME_LENGTH = "2016-10-06T00:17:09.669794202Z".length();

  private static final DateTimeFormatter NINE_DIGITS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final DockerApi docker;
  private final String containerId;
  private final boolean tty;

  /**
   * The output of one container.
   *
   * @param tty whether it has a terminal, whose output comes without frames
   */
  public DockerLogSource(DockerApi docker, String containerId, boolean tty) {
    this.docker = docker;
    this.containerId = containerId;
    this.tty = tty;
  }

  @Override
  public Stream open(Optional<String> since) throws IOException {
    String path =
        "/containers/%s/logs?follow=1&stdout=1&stderr=1&timestamps=1%s"
            .formatted(containerId, since.map(DockerLogSource::seconds).orElse(""));
    try {
      Response answer = docker.send("GET", path, new byte[0]);
      if (answer.getStatusCode() == 404) {
        answer.close();
        return new Nothing();
      }
      if (answer.getStatusCode() != 200) {
        String said = new String(answer.getBody().readNBytes(1024), StandardCharsets.UTF_8);
        answer.close();
        throw new IOException(
            "container %s: Docker does not give its log: %s".formatted(containerId, said.strip()));
      }
      return tty ? new Terminal(answer) : new Frames(answer);
    } catch (UncheckedIOException e) {
      throw new IOException("container " + containerId + ": its log cannot be asked for", e);
    }
  }

  /** Docker takes seconds since 1970 with a fraction. */
  private static String seconds(String time) {
    Instant instant = Instant.parse(time);
    return "&since=%d.%09d".formatted(instant.getEpochSecond(), instant.getNano());
  }

  /** Nine digits of fraction and Z, as the log file has it. */
  static String normalised(byte[] buffer, int offset, int length) throws IOException {
    String text = new String(buffer, offset, length, StandardCharsets.US_ASCII);
    if (length == TIME_LENGTH && text.charAt(length - 1) == 'Z') {
      return text;
    }
    try {
      return NINE_DIGITS.format(OffsetDateTime.parse(text));
    } catch (DateTimeParseException e) {
      throw new ProtocolException("not the time of a log message: " + text);
    }
  }

  /** The container is gone, and its log with it. */
  private static final class Nothing implements Stream {
    @Override
    public @Nullable Entry next() {
      return null;
    }

    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public void close() {}
  }

  /** Reads one message at a time into a buffer that is used again. */
  private abstract static class Messages implements Stream {
    final BufferedInputStream in;
    private final Response answer;
    byte[] message = new byte[1024];

    Messages(Response answer) {
      this.answer = answer;
      this.in = new BufferedInputStream(answer.getBody(), BUFFER);
    }

    void grow(int length) {
      if (message.length < length) {
        message = Arrays.copyOf(message, Math.max(length, message.length * 2));
      }
    }

    /** Cuts a message into its time and its content, without the line's end. */
    Entry entry(Channel channel, int length) throws IOException {
      int space = 0;
      while (space < length && space <= LONGEST_TIME && message[space] != ' ') {
        space++;
      }
      if (space >= length || message[space] != ' ') {
        throw new ProtocolException("a log message without a time");
      }
      boolean whole = message[length - 1] == '\n';
      int end = whole ? length - 1 : length;
      ByteBuffer content = ByteBuffer.wrap(message, space + 1, Math.max(0, end - space - 1));
      return new Entry(normalised(message, 0, space), channel, content.slice(), !whole);
    }

    @Override
    public boolean ready() throws IOException {
      return in.available() > 0;
    }

    @Override
    public void close() throws IOException {
      answer.close();
    }
  }

  private static final class Frames extends Messages {
    private static final int LONGEST_FRAME = 1024 * 1024;
    private final byte[] header = new byte[FRAME_HEADER];

    Frames(Response answer) {
      super(answer);
    }

    @Override
    public @Nullable Entry next() throws IOException {
      int count = in.readNBytes(header, 0, FRAME_HEADER);
      if (count == 0) {
        return null;
      }
      if (count < FRAME_HEADER) {
        throw new EOFException("the log stream ended within a frame");
      }
      int length = ByteBuffer.wrap(header).getInt(4);
      if (length < 0 || length > LONGEST_FRAME) {
        throw new ProtocolException("a log frame of " + length + " bytes");
      }
      grow(length);
      if (in.readNBytes(message, 0, length) < length) {
        throw new EOFException("the log stream ended within a frame");
      }
      return entry(header[0] == STDERR ? Channel.STDERR : Channel.STDOUT, length);
    }
  }

  private static final class Terminal extends Messages {
    Terminal(Response answer) {
      super(answer);
    }

    @Override
    public @Nullable Entry next() throws IOException {
      int length = 0;
      int contentStart = -1;
      while (true) {
        int next = in.read();
        if (next < 0) {
          return length == 0 ? null : entry(Channel.STDOUT, length);
        }
        grow(length + 1);
        message[length++] = (byte) next;
        if (contentStart < 0) {
          if (next == ' ') {
            contentStart = length;
          } else if (length > LONGEST_TIME) {
            throw new ProtocolException("a log message without a time");
          }
        } else if (next == '\n' || (length - contentStart == LONGEST_PART && !lineEnds())) {
          return entry(Channel.STDOUT, length);
        }
      }
    }

    /** A line of exactly the longest part's length has its end right behind. */
    private boolean lineEnds() throws IOException {
      in.mark(1);
      int following = in.read();
      in.reset();
      return following == '\n';
    }
  }
}
