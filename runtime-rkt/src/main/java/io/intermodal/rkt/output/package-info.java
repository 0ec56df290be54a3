/**
 * What containers say, for the node's log files.
 *
 * <p>rkt writes the output of an app to a file without marks for parts of lines, in one folder a
 * pod; it truncates it at a start, never rotates it, and loses a last line without an end. {@link
 * io.intermodal.rkt.output.RawLog} reads that file as a source for CRI's log files and frees what
 * was read. A container with a terminal has no such file: {@link
 * io.intermodal.rkt.output.TerminalHub} is the one reader of its terminal, for the log and for all
 * who are attached.
 */
@NullMarked
package io.intermodal.rkt.output;

import org.jspecify.annotations.NullMarked;
