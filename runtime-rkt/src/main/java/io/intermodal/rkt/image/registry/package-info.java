/**
 * Pulling from a registry with Jib's client: manifests and lists of them in Docker's and OCI's
 * form, the configuration, and layers into files.
 */
@NullMarked
package io.intermodal.rkt.image.registry;

import org.jspecify.annotations.NullMarked;
