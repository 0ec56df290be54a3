package io.intermodal.tests.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container's log file in the CRI format, read strictly: a line that is not of the format is a
 * failure.
 */
public record LogFile(Path path) {
  private static final Pattern LINE =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d))"
              + " (stdout|stderr) ([FP]) (.*)",
          Pattern.DOTALL);

  /**
   * One line.
   *
   * @param time when it was written
   * @param stream stdout or stderr
   * @param whole whether the line ends here
   * @param text without the line's end
   */
  public record Line(Instant time, String stream, boolean whole, String text) {}

  /** All lines. */
  public List<Line> lines() {
    return lines(content());
  }

  /** All lines of what was read from the file, and perhaps from those before it. */
  public List<Line> lines(String content) {
    if (content.isEmpty()) {
      return List.of();
    }
    if (!content.endsWith("\n")) {
      throw new AssertionError(path + " does not end with a line's end");
    }
    return content.substring(0, content.length() - 1).lines().map(this::parse).toList();
  }

  /** The text of all lines of a stream as one string, line ends included. */
  public String output(String stream) {
    return output(stream, lines());
  }

  /** Likewise, of these lines. */
  public static String output(String stream, List<Line> lines) {
    StringBuilder output = new StringBuilder();
    for (Line line : lines) {
      if (line.stream().equals(stream)) {
        output.append(line.text());
        if (line.whole()) {
          output.append('\n');
        }
      }
    }
    return output.toString();
  }

  /** The bytes of the file as text; empty when there is no file. */
  public String content() {
    try {
      return Files.exists(path) ? Files.readString(path, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Line parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError(
          "not a line of the CRI log format in %s: \"%s\""
              .formatted(path, line.substring(0, Math.min(200, line.length()))));
    }
    return new Line(
        Instant.parse(matcher.group(1)),
        matcher.group(2),
        matcher.group(3).equals("F"),
        matcher.group(4));
  }
}
