/**
 * {@code intermodal node}: makes this machine a node on an engine, and takes that back. A verb is a
 * class: {@link io.intermodal.server.setup.NodeUp}, {@link io.intermodal.server.setup.NodeSwitch},
 * {@link io.intermodal.server.setup.NodeDown}. Each has the {@link
 * io.intermodal.server.setup.plan.NodePlanner} work out how the node must be, the {@link
 * io.intermodal.server.setup.change.Comparison} what that changes, and the {@link
 * io.intermodal.server.setup.change.Alteration} make it.
 */
@NullMarked
package io.intermodal.server.setup;

import org.jspecify.annotations.NullMarked;
