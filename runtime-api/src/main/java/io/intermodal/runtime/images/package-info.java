/**
 * Images as archives, for nodes that no registry is in reach of. {@link
 * io.intermodal.runtime.images.ImageArchives} is what an engine implements. Archives come in
 * several forms and compressions, and not every engine reads all of them: whoever loads one brings
 * it to the one form that all of them read, {@link io.intermodal.runtime.images.ImageArchive}.
 */
@NullMarked
package io.intermodal.runtime.images;

import org.jspecify.annotations.NullMarked;
