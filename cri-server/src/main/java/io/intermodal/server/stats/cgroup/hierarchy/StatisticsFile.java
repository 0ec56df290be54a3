package io.intermodal.server.stats.cgroup.hierarchy;

/** The files that statistics need of a cgroup, by what they tell; kept open between readings. */
enum StatisticsFile {
  CPU,
  MEMORY,
  MEMORY_STAT,
  MEMORY_LIMIT,
  SWAP,
  SWAP_LIMIT,
  CPU_PRESSURE,
  MEMORY_PRESSURE,
  IO_PRESSURE
}
