/**
 * What CRI's plain values mean on every engine: names of images, signals, times.
 *
 * <p>CRI's messages carry them as texts and numbers; whoever translates an engine reads and writes
 * them here, so that two engines never disagree about them.
 */
@NullMarked
package io.intermodal.runtime.contract;

import org.jspecify.annotations.NullMarked;
