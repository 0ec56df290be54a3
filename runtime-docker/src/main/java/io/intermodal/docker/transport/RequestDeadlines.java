package io.intermodal.docker.transport;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a request may take, by its kind.
 *
 * @param unary for a request with a short answer: list, inspect, create, start
 * @param stopGrace what a stop or restart gets on top of the seconds that it gives the container
 * @param transferIdle how long a pull, a load or another transfer may go without a single byte
 */
public record RequestDeadlines(Duration unary, Duration stopGrace, Duration transferIdle) {
  /** Two minutes, thirty seconds, two minutes. */
  public static final RequestDeadlines DEFAULT =
      new RequestDeadlines(Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofMinutes(2));

  private static final Pattern VERSION = Pattern.compile("^/v[0-9]+\\.[0-9]+(?=/)");
  private static final Pattern STOP = Pattern.compile("/containers/[^/]+/(stop|restart)");
  private static final Pattern TIMEOUT = Pattern.compile("[?&]t=([0-9]{1,9})(&|$)");
  private static final Pattern TRANSFER =
      Pattern.compile(
          "/images/(create|load|get)|/images/.+/(get|push)|/build|/commit"
              + "|/containers/[^/]+/(archive|export)");
  private static final Pattern STREAM = Pattern.compile("/containers/[^/]+/(logs|wait|stats)");

  // Their answer begins at once, and may then be silent for ever.
  private static final Pattern OPENED =
      Pattern.compile("/events|/containers/[^/]+/attach|/exec/[^/]+/start");

  /** What bounds one request. */
  public sealed interface Deadline {
    /** Everything, from the first byte written to the last byte read. */
    record Total(Duration limit) implements Deadline {}

    /** Only the silence between two bytes. */
    record Idle(Duration limit) implements Deadline {}

    /** Until the answer begins; what follows may be silent for as long as it lives. */
    record Head(Duration limit) implements Deadline {}

    /** A stream that may be silent for as long as it lives, from the start. */
    record None() implements Deadline {}
  }

  /**
   * What bounds a request to this path.
   *
   * @param path the request's path with its query, with or without a version in front
   */
  public Deadline of(String path) {
    int question = path.indexOf('?');
    String query = question < 0 ? "" : path.substring(question);
    String plain =
        VERSION.matcher(question < 0 ? path : path.substring(0, question)).replaceFirst("");
    if (STREAM.matcher(plain).matches()) {
      return plain.endsWith("/stats") && query.contains("stream=false")
          ? new Deadline.Total(unary)
          : new Deadline.None();
    }
    if (OPENED.matcher(plain).matches()) {
      return new Deadline.Head(unary);
    }
    if (TRANSFER.matcher(plain).matches()) {
      return new Deadline.Idle(transferIdle);
    }
    if (STOP.matcher(plain).matches()) {
      Matcher timeout = TIMEOUT.matcher(query);
      // Without t the daemon uses the container's own timeout, which is not known here.
      return timeout.find()
          ? new Deadline.Total(stopGrace.plusSeconds(Long.parseLong(timeout.group(1))))
          : new Deadline.Total(unary.plus(stopGrace));
    }
    return new Deadline.Total(unary);
  }
}
