/**
 * Who a container's process is and what it may do, in Docker's words.
 *
 * <p>User and groups, capabilities, and the security options: seccomp, AppArmor, SELinux and "no
 * new privileges". CRI carries some of these twice, as a message and as an older string; the
 * message wins. Where CRI and Docker differ in what silence means, CRI's meaning is written out.
 */
@NullMarked
package io.intermodal.docker.spec.security;

import org.jspecify.annotations.NullMarked;
