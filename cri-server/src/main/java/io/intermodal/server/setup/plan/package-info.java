/**
 * How a node must be: {@link io.intermodal.server.setup.plan.NodePlanner} puts together what the
 * engines say of themselves with the node's network, the kernel's settings, this server and what
 * its callers read, as {@link io.intermodal.server.setup.plan.NodeOptions} ask for it. One class
 * for each of these parts.
 */
@NullMarked
package io.intermodal.server.setup.plan;

import org.jspecify.annotations.NullMarked;
