/**
 * Archives of images in the two forms that others read: {@link
 * io.intermodal.server.images.archive.writing.DockerArchive} and {@link
 * io.intermodal.server.images.archive.writing.OciArchive}. Nothing is written anywhere: they are
 * made while they are read.
 */
@NullMarked
package io.intermodal.server.images.archive.writing;

import org.jspecify.annotations.NullMarked;
