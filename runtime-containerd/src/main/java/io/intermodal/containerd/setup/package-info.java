/**
 * How a node is set up for containerd. {@link io.intermodal.containerd.setup.ContainerdSetup} tells
 * what its files must say for pods to run as wished, by editing what is there: the CRI section of
 * its configuration ({@link io.intermodal.containerd.setup.CriSettings}), in whichever of three
 * layouts ({@link io.intermodal.containerd.setup.CriKeys}) and whichever imported file ({@link
 * io.intermodal.containerd.setup.EditedConfig}), and a {@code hosts.toml} for each registry ({@link
 * io.intermodal.containerd.setup.RegistryHosts}).
 */
@NullMarked
package io.intermodal.containerd.setup;

import org.jspecify.annotations.NullMarked;
