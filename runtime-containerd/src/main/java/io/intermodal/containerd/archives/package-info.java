/**
 * containerd's images as archives, by the program that comes with it: {@link
 * io.intermodal.containerd.archives.CtrImageArchives} is the entry.
 */
@NullMarked
package io.intermodal.containerd.archives;

import org.jspecify.annotations.NullMarked;
