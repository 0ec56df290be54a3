/**
 * The RPCs about the engine as a whole: what it is, whether it is ready, how it is set up. From
 * memory.
 */
@NullMarked
package io.intermodal.rkt.node;

import org.jspecify.annotations.NullMarked;
