/**
 * Images as volumes, for Docker before 28, which has no word for them. The image's layers are
 * merged in a folder of this host and a container gets that as a read-only mount. A container that
 * is never started keeps the image, so that Docker itself refuses to remove it or at least leaves
 * its layers. What is in use is read from labels of the engine's containers, whenever it matters.
 */
@NullMarked
package io.intermodal.docker.volume;

import org.jspecify.annotations.NullMarked;
