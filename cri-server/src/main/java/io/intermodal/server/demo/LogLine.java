package io.intermodal.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A line of a CRI log file: {@code 2016-10-06T00:17:09.669794202Z stdout F text}.
 *
 * @param stream {@code stdout} or {@code stderr}
 * @param tag {@code F} for a whole line, {@code P} for a part of one
 */
record LogLine(String time, String stream, String tag, String text) {
  private static final int FIELDS = 4;

  /**
   * The first line of a file; empty when there is no file or no whole line yet.
   *
   * @throws DemoException when the file cannot be read or the line is not of the form
   */
  static Optional<LogLine> first(Path file) throws DemoException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      Optional<String> line = lines.findFirst();
      // The line may still be on its way into the file.
      if (line.isEmpty() || Files.size(file) <= line.get().length()) {
        return Optional.empty();
      }
      return Optional.of(parse(line.get()));
    } catch (IOException e) {
      throw new DemoException("the log file cannot be read: " + e, e);
    }
  }

  private static LogLine parse(String line) throws DemoException {
    String[] fields = line.split(" ", FIELDS);
    if (fields.length != FIELDS || !fields[2].startsWith("F")) {
      throw new DemoException("this is no whole line of a CRI log: " + line);
    }
    return new LogLine(fields[0], fields[1], fields[2], fields[3]);
  }
}
