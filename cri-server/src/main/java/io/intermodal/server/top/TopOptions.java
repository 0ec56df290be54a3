package io.intermodal.server.top;

import io.intermodal.server.top.table.Table;
import io.intermodal.server.top.usage.PodFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What is to be shown.
 *
 * @param socket the CRI socket
 * @param delay between two samples
 * @param iterations how many tables; empty for no end
 * @param filter which pods
 * @param choice how the table is laid out at first
 * @param form how it is told
 */
public record TopOptions(
    Path socket,
    Duration delay,
    OptionalInt iterations,
    PodFilter filter,
    Table.Choice choice,
    Form form) {

  /** How the usage is told. */
  public enum Form {
    /** A screen that refreshes and listens to keys. */
    SCREEN,
    /** The same, without colour. */
    PLAIN_SCREEN,
    /** One table below the other, as text without codes. */
    TEXT,
    /** A JSON object a line. */
    JSON
  }

  /** Rates need two samples; the second one is not long in coming, whatever the delay is. */
  Duration firstDelay() {
    Duration second = Duration.ofSeconds(1);
    return delay.compareTo(second) < 0 ? delay : second;
  }
}
