/**
 * What is in rkt, in memory: every read of CRI is answered from here.
 *
 * <p>rkt has no daemon and tells nobody of a change. {@link io.intermodal.rkt.index.IndexFeed}
 * therefore looks at the few files in which a pod notes the end of its apps, ten times a second and
 * without running anything, and asks rkt only when there is news; now and then everything is read
 * anew. An operation of our own writes its result here before it answers. What rkt forgets or says
 * wrongly, such as how an app ended, is kept in {@link io.intermodal.rkt.index.Notes}.
 */
@NullMarked
package io.intermodal.rkt.index;

import org.jspecify.annotations.NullMarked;
