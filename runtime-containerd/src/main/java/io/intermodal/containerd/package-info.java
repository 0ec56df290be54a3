/** The containerd engine: found by its probe, not supported yet. */
@NullMarked
package io.intermodal.containerd;

import org.jspecify.annotations.NullMarked;
