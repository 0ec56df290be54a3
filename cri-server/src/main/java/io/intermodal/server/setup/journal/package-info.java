/**
 * What was changed on the node, and how it was before: written down before each change, so that it
 * can be taken back whenever the change was interrupted.
 */
@NullMarked
package io.intermodal.server.setup.journal;

import org.jspecify.annotations.NullMarked;
