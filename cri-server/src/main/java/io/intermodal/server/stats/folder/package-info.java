/**
 * How much folders hold. {@link io.intermodal.server.stats.folder.WalkedFolders} remembers and
 * decides when to walk again, a walk counts one folder. One thread walks, so that a node full of
 * large folders costs one slow reader of the disk and no more.
 */
@NullMarked
package io.intermodal.server.stats.folder;

import org.jspecify.annotations.NullMarked;
