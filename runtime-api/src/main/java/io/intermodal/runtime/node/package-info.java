/**
 * What the node lends to a translating engine, so that Docker and rkt do not each write it: pod
 * networking, container log files, files of our own, facts about the host.
 *
 * <p>{@link io.intermodal.runtime.node.NodeServices} is the entry. Everything in one instance
 * belongs to one engine: two engines on a node never see each other's pods through it.
 */
@NullMarked
package io.intermodal.runtime.node;

import org.jspecify.annotations.NullMarked;
