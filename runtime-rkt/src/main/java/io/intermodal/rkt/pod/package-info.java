/**
 * Where a pod of rkt is in the kernel: its processes, cgroups and the files inside it that tell
 * what rkt and its systemd know. All of it is read without running anything.
 */
@NullMarked
package io.intermodal.rkt.pod;

import org.jspecify.annotations.NullMarked;
