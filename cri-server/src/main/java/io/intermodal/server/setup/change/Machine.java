package io.intermodal.server.setup.change;

import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.host.HostNetwork;
import io.intermodal.server.setup.host.KernelSettings;
import io.intermodal.server.setup.service.Services;

/**
 * The machine that is set up.
 *
 * @param files its files
 * @param kernel the kernel's settings
 * @param network its interfaces and packet filter
 * @param services its daemons
 */
public record Machine(
    HostFiles files, KernelSettings kernel, HostNetwork network, Services services) {}
