/**
 * What containers write, read where Docker keeps it.
 *
 * <p>Docker's log API loses what a fast writer writes while Docker rotates its files: whole files
 * of lines are skipped, with every log driver and in every version up to 28 (20.10 also repeats
 * some). So containers are created with Docker's {@code local} log driver, uncompressed, and {@link
 * io.intermodal.docker.output.ContainerOutput} reads its files directly: an open file outlives its
 * rotation, bytes that are not UTF-8 stay what they are, and following costs Docker nothing. A
 * container whose output is kept otherwise (made by another program, or on a Docker whose folder is
 * not visible here) is followed through the API.
 *
 * <p>What Docker has never read is in none of its files, and cannot be had from it: from version 24
 * on, dockerd gives up the pipe to an output when the process has ended before the thread that
 * opens that pipe was scheduled. On a very busy machine a container that ends at once then has an
 * empty log, and dockerd says "reading from a closed fifo".
 */
@NullMarked
package io.intermodal.docker.output;

import org.jspecify.annotations.NullMarked;
