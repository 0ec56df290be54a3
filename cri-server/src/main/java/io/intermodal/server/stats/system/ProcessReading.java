package io.intermodal.server.stats.system;

import java.util.OptionalLong;

/**
 * Processes of one cgroup, taken together.
 *
 * @param processes how many there are
 * @param descriptors their open files, sockets included; empty when there are too many to look at,
 *     or they may not be looked at
 * @param sockets those of them that are sockets
 * @param openFilesLimit the soft limit for open files ({@code RLIMIT_NOFILE}) of the first process;
 *     empty without a limit
 */
public record ProcessReading(
    int processes, OptionalLong descriptors, OptionalLong sockets, OptionalLong openFilesLimit) {}
