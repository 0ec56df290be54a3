/**
 * What pods and containers use, asked for over CRI.
 *
 * <p>{@link io.intermodal.server.top.usage.Sampler} asks and makes a {@link
 * io.intermodal.server.top.usage.Reading} of each answer; {@link
 * io.intermodal.server.top.usage.Meters} makes rates of two of them. What a server does not say is
 * empty and never 0.
 */
@NullMarked
package io.intermodal.server.top.usage;

import org.jspecify.annotations.NullMarked;
