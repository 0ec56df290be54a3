/**
 * Talking to the processes of containers: exec, ExecSync and attach.
 *
 * <p>{@code rkt app exec} runs a command as root, with every capability and beside the container's
 * mounts and cgroups. So a command is brought into the container by a program of our own instead:
 * into the namespaces, root, working directory, environment, user, groups, capabilities and cgroups
 * of its first process ({@link io.intermodal.rkt.session.EnteredCommand}). One cgroup of its own
 * below the container's tells what it has started, and so what to kill when its client leaves.
 * Attach speaks to the sockets of rkt's streams.
 */
@NullMarked
package io.intermodal.rkt.session;

import org.jspecify.annotations.NullMarked;
