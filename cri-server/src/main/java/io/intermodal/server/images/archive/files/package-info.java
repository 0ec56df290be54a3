/**
 * The files of an archive, wherever they are: in a tar ({@link
 * io.intermodal.server.images.archive.files.TarFiles}) or in a folder. {@link
 * io.intermodal.server.images.archive.files.ArchiveFiles} is what readers know of them, and {@link
 * io.intermodal.server.images.archive.files.Blob} one of them.
 */
@NullMarked
package io.intermodal.server.images.archive.files;

import org.jspecify.annotations.NullMarked;
