/**
 * Telling what happens to whoever listens.
 *
 * <p>An engine publishes to a {@link io.intermodal.runtime.events.Broadcast}; each reader holds a
 * {@link io.intermodal.runtime.events.Subscription} and takes from it at its own pace. Neither
 * waits for the other: between them is a queue with a bound, and a reader that lets it fill is told
 * so instead of missing something without knowing.
 */
@NullMarked
package io.intermodal.runtime.events;

import org.jspecify.annotations.NullMarked;
