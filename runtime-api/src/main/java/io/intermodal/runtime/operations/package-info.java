/**
 * CRI's RPCs as an engine answers them, by theme. {@link
 * io.intermodal.runtime.EngineConnection.Translating} is all of them.
 */
@NullMarked
package io.intermodal.runtime.operations;

import org.jspecify.annotations.NullMarked;
