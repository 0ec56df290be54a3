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
 */
@NullMarked
package io.intermodal.docker.output;

import org.jspecify.annotations.NullMarked;
