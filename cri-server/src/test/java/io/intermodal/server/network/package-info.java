/** Tests of the pod network against scripted and real plugins. */
@NullMarked
package io.intermodal.server.network;

import org.jspecify.annotations.NullMarked;
