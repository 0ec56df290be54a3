/**
 * CRI-O, which speaks CRI itself: where its socket is, and what is odd about it.
 *
 * <p>{@link io.intermodal.crio.CrioEngine} finds it. Requests do not come through here; {@link
 * io.intermodal.crio.CrioConnection} is asked about the few things that the engine does not say
 * well. Versions before 1.29 have no RuntimeConfig, but CRI-O tells its whole configuration over
 * HTTP on the socket of CRI ({@link io.intermodal.crio.ConfigRequest}), and before it runs its
 * files do ({@link io.intermodal.crio.CgroupSetting}). Versions before 1.31 refuse to stop or to
 * remove a container that is gone, with a code that also stands for an empty and for an ambiguous
 * id ({@link io.intermodal.crio.Refusals}). How a node is set up for CRI-O is told by {@link
 * io.intermodal.crio.setup.CrioSetup}.
 */
@NullMarked
package io.intermodal.crio;

import org.jspecify.annotations.NullMarked;
