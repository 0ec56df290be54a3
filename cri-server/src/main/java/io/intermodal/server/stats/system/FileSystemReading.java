package io.intermodal.server.stats.system;

/**
 * A whole file system.
 *
 * @param size in bytes, with what is reserved for root
 * @param inodes how many it can hold; 0 when it makes them as needed (btrfs)
 * @param inodesFree how many of them are not in use
 */
public record FileSystemReading(long size, long inodes, long inodesFree) {}
