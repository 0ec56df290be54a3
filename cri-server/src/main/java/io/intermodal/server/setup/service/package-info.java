/**
 * The daemons of a node: the engines, this server, the kubelet. systemd runs them where it is the
 * machine's first process ({@link io.intermodal.server.setup.service.SystemdServices}); elsewhere
 * each has a small shell that starts it again when it ends ({@link
 * io.intermodal.server.setup.service.SupervisedServices}).
 */
@NullMarked
package io.intermodal.server.setup.service;

import org.jspecify.annotations.NullMarked;
