package io.intermodal.server.report;

import java.time.Duration;

/**
 * How an engine has answered the last calls of callers.
 *
 * @param count how many calls these are, one at least
 * @param failed how many of them ended with an error
 * @param median half of them took no longer
 * @param slowest how long the slowest one took
 * @param slowestRpc what that one was, by its bare name
 */
public record CallTimes(
    int count, int failed, Duration median, Duration slowest, String slowestRpc) {}
