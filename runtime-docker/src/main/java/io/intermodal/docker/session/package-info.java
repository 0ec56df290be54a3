/**
 * Talking to the processes of containers: exec, ExecSync and attach.
 *
 * <p>One class per RPC: {@link io.intermodal.docker.session.Exec} and {@link
 * io.intermodal.docker.session.Attach} answer with a URL, {@link
 * io.intermodal.docker.session.ExecSync} with the output. Behind them are two sessions, {@link
 * io.intermodal.docker.session.ExecSession} with a command of its own and {@link
 * io.intermodal.docker.session.AttachSession} with the container's process. Both carry their bytes
 * over a {@link io.intermodal.docker.session.ProcessStream}: a request to Docker that has become a
 * two-way stream. A session costs virtual threads and no buffer beyond what is just being passed
 * on.
 *
 * <p>Docker cannot kill a command, and goes on with it when nobody listens any more; {@link
 * io.intermodal.docker.session.ExecProcess} does it by the process id.
 */
@NullMarked
package io.intermodal.docker.session;

import org.jspecify.annotations.NullMarked;
