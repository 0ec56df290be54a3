/**
 * A Debian node in software: {@link io.intermodal.tests.virtual.VirtualNode} is a machine under
 * qemu with systemd as PID 1, cgroup v2, AppArmor and every capability, which few hosts of tests
 * have. It needs no hardware support and no network but Debian's mirror, from which {@link
 * io.intermodal.tests.virtual.NodeDisk} makes its disk once. The host reaches it over ssh on a
 * loopback port: commands, files, and Unix sockets that are carried to the host, so that the
 * suites' CRI client talks to a server inside. Emulation is slow: these tests show what is right,
 * and never how fast.
 */
@NullMarked
package io.intermodal.tests.virtual;

import org.jspecify.annotations.NullMarked;
