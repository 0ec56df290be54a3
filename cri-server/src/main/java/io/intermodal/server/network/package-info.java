/**
 * The pod network of this node, by executing CNI plugins.
 *
 * <p>{@link io.intermodal.server.network.CniPodNetwork} is the entry. It takes the first valid
 * network of a folder ({@link io.intermodal.server.network.NetworkDirectory} watches it and tells
 * whether pods could be connected), tells the plugins about a pod ({@link
 * io.intermodal.server.network.PodInterfaces}), and writes down every attachment before the first
 * plugin runs ({@link io.intermodal.server.network.journal.AttachmentJournal}), so that an address
 * handed out can be given back after a crash, and after the folder's content has changed. What
 * could not be given back is tried again by {@link io.intermodal.server.network.Leftovers}. How
 * plugins are spoken to is in {@link io.intermodal.server.network.cni}.
 */
@NullMarked
package io.intermodal.server.network;

import org.jspecify.annotations.NullMarked;
