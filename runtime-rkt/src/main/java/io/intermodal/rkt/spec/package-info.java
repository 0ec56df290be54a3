/**
 * CRI's wishes as rkt's flags, and back. What rkt cannot do is refused here by name, before
 * anything exists: an app that rkt refuses half way cannot be removed from its pod any more.
 */
@NullMarked
package io.intermodal.rkt.spec;

import org.jspecify.annotations.NullMarked;
