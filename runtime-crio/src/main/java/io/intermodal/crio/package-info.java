/** The cri-o engine: found by its probe, not supported yet. */
@NullMarked
package io.intermodal.crio;

import org.jspecify.annotations.NullMarked;
