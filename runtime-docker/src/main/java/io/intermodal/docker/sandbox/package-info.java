/**
 * Pod sandboxes: one class per RPC, and the image that holds them open.
 *
 * <p>A sandbox is a pause container without a network of Docker's; the node's network (CNI) is
 * connected to its namespace. Its labels are all the memory that a pod needs.
 */
@NullMarked
package io.intermodal.docker.sandbox;

import org.jspecify.annotations.NullMarked;
