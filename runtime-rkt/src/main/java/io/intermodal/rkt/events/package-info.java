/**
 * What happens to pods and containers, told to whoever listens.
 *
 * <p>rkt tells nobody anything. {@link io.intermodal.rkt.events.GetContainerEvents} is told what
 * changes in the index, and {@link io.intermodal.rkt.events.Transitions} says what such a change
 * means. So an event never comes before the lists show what it says, nothing is told twice when it
 * was noticed in two ways, and what happened while rkt could not be asked is told when the index
 * has been read anew.
 */
@NullMarked
package io.intermodal.rkt.events;

import org.jspecify.annotations.NullMarked;
