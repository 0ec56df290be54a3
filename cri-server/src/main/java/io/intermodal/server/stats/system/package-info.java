/**
 * What metrics need and cgroups do not tell: the open files of processes, the file system below a
 * folder, the names of block devices. Read at the moment of asking, and nothing is kept.
 */
@NullMarked
package io.intermodal.server.stats.system;

import org.jspecify.annotations.NullMarked;
