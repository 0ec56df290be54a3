/**
 * The machine that is set up: its files ({@link io.intermodal.server.setup.host.HostFiles}), the
 * kernel's settings ({@link io.intermodal.server.setup.host.KernelSettings}), its packet filter and
 * network interfaces ({@link io.intermodal.server.setup.host.HostNetwork}), and the programs that
 * are run for it ({@link io.intermodal.server.setup.host.Programs}). Nothing here decides anything.
 */
@NullMarked
package io.intermodal.server.setup.host;

import org.jspecify.annotations.NullMarked;
