/**
 * The Container Network Interface, versions 0.1.0 to 1.1.0: network configurations and the plugins
 * that carry them out.
 *
 * <p>A {@link io.intermodal.server.network.cni.NetworkConfig} is a chain of plugins, read from a
 * file. {@link io.intermodal.server.network.cni.PluginChain} runs one operation (ADD, DEL, CHECK,
 * STATUS, GC) over it: each plugin is a program found in {@link
 * io.intermodal.server.network.cni.PluginDirectories}, gets its part of the configuration on
 * standard input and answers in JSON. Nothing here remembers anything: what must outlive a call is
 * the business of {@link io.intermodal.server.network}.
 *
 * @see <a href="https://www.cni.dev/docs/spec/">the specification</a>
 */
@NullMarked
package io.intermodal.server.network.cni;

import org.jspecify.annotations.NullMarked;
