/**
 * rkt as CRI.
 *
 * <p>{@link io.intermodal.rkt.RktEngine} is the entry; it connects to a {@link
 * io.intermodal.rkt.RktConnection}, which knows for each RPC the class that does it. rkt is a
 * command line without a daemon: a pod is a process of its own, a mutable pod of rkt, and a
 * container is an app that is added to it. All that must survive a restart of ours stands in
 * annotations of pods and apps.
 */
@NullMarked
package io.intermodal.rkt;

import org.jspecify.annotations.NullMarked;
