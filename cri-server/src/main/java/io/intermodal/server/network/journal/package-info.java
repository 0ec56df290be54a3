/**
 * What is remembered of connected pods: an {@link io.intermodal.server.network.journal.Attachment}
 * holds all that undoing it takes, {@link io.intermodal.server.network.journal.AttachmentJournal}
 * keeps ours on disk, and {@link io.intermodal.server.network.journal.ForeignCaches} reads what
 * other runtimes of the node left for the pods that were taken over from them.
 */
@NullMarked
package io.intermodal.server.network.journal;

import org.jspecify.annotations.NullMarked;
