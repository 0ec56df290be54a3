/**
 * What happens to pods and containers, told to whoever listens.
 *
 * <p>Nothing here listens to Docker. {@link io.intermodal.docker.events.GetContainerEvents} is told
 * what changes in the index, and {@link io.intermodal.docker.events.Transitions} says what such a
 * change means. So an event never comes before the lists show what it says, nothing is told twice
 * when our own call and Docker both report it, and what happened while Docker was away is told when
 * the index has been read anew.
 */
@NullMarked
package io.intermodal.docker.events;

import org.jspecify.annotations.NullMarked;
