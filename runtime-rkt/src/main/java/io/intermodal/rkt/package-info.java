/** The rkt engine: found by its probe, not supported yet. */
@NullMarked
package io.intermodal.rkt;

import org.jspecify.annotations.NullMarked;
