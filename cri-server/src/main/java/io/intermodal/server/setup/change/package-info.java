/**
 * From a node as it is to a node as it must be. {@link
 * io.intermodal.server.setup.change.Comparison} finds the {@link
 * io.intermodal.server.setup.change.Change}s between the machine and a {@link
 * io.intermodal.server.setup.change.WantedNode}, and {@link
 * io.intermodal.server.setup.change.Alteration} makes them, with the journal written before each.
 * What the journal knows and nobody wants any more is put back: so taking a node down is to want
 * nothing.
 */
@NullMarked
package io.intermodal.server.setup.change;

import org.jspecify.annotations.NullMarked;
