/**
 * What an engine says about setting a node up for it. {@link io.intermodal.runtime.setup.NodeSetup}
 * is asked what must be in which file and which daemon must run ({@link
 * io.intermodal.runtime.setup.EnginePlan}) for a node to be as it is meant to be ({@link
 * io.intermodal.runtime.setup.NodeWishes}). It reads and computes; whoever asks compares, shows,
 * applies and takes back.
 */
@NullMarked
package io.intermodal.runtime.setup;

import org.jspecify.annotations.NullMarked;
