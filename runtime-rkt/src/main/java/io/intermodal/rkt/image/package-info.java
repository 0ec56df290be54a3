/**
 * Images: one class per RPC, and {@link io.intermodal.rkt.image.ImageIndex}, from which they are
 * read.
 *
 * <p>rkt knows neither lists of manifests nor newer compressions, and takes a layer that it cannot
 * read for an empty one. So images are pulled here ({@link io.intermodal.rkt.image.registry}),
 * flattened to one archive in rkt's form ({@link io.intermodal.rkt.image.aci}) and given to rkt. An
 * image's id is the digest of its configuration, as with every other engine, and stands with the
 * configuration in annotations of the archive. Names come and go and an archive cannot change, so
 * they are small files of our own.
 */
@NullMarked
package io.intermodal.rkt.image;

import org.jspecify.annotations.NullMarked;
