package io.intermodal.server.top.usage;

/**
 * What was counted since the start of something.
 *
 * @param nanos when it was read, by the server's clock, in nanoseconds since 1970
 * @param value nanoseconds of CPU time, or bytes
 */
record Counter(long nanos, long value) {}
