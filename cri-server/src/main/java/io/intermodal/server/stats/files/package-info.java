/**
 * The kernel's files of numbers: {@link io.intermodal.server.stats.files.FileText} reads one into a
 * buffer that stays and finds numbers in it without making text objects, {@link
 * io.intermodal.server.stats.files.KeptFiles} keeps files open between two readings. Opening costs
 * many times what reading does: for most files 8 µs against 1 µs.
 */
@NullMarked
package io.intermodal.server.stats.files;

import org.jspecify.annotations.NullMarked;
