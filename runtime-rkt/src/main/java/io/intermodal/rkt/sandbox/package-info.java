/**
 * Pod sandboxes: one class per RPC.
 *
 * <p>A pod of rkt makes its network namespace neither with CNI's present versions nor for us, so
 * the node makes one and rkt is started in it. {@link io.intermodal.rkt.sandbox.Place} is what a
 * pod has before rkt gives it an id: that namespace and a folder. {@link
 * io.intermodal.rkt.sandbox.SandboxLaunch} starts a pod, which from then on is a process of its own
 * that outlives this one.
 */
@NullMarked
package io.intermodal.rkt.sandbox;

import org.jspecify.annotations.NullMarked;
