/**
 * What an engine that speaks CRI lacks and is given here: {@link
 * io.intermodal.server.forward.repair.Repairs} is the list. Each repair is one class; an engine
 * that can do it itself is never overruled.
 */
@NullMarked
package io.intermodal.server.forward.repair;

import org.jspecify.annotations.NullMarked;
