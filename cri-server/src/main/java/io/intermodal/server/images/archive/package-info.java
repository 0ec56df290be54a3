/**
 * Archives of images, whatever their form.
 *
 * <p>{@link io.intermodal.server.images.archive.ArchiveReader} is the entry. It opens a file, a
 * folder or a stream as {@link io.intermodal.server.images.archive.files.ArchiveFiles}, finds out
 * who wrote it ({@link io.intermodal.server.images.archive.DockerManifest}, {@link
 * io.intermodal.server.images.archive.OciIndex}), and reads all of it once to see that it is whole.
 * Nothing is unpacked: layers stay where they are until they are written to an engine ({@link
 * io.intermodal.server.images.archive.writing.DockerArchive}) or into another archive ({@link
 * io.intermodal.server.images.archive.writing.OciArchive}).
 */
@NullMarked
package io.intermodal.server.images.archive;

import org.jspecify.annotations.NullMarked;
