/**
 * What a node owes its cluster, through real pods: its DNS, ports of the node that lead to pods,
 * configuration that changes under a running container, all that a dashboard reads, pod networks
 * that are exchanged, and an ingress. Each is a cluster's way to use several calls together; what
 * one call must do alone is asserted in {@code suite} and {@code suite.streaming}.
 */
@NullMarked
package io.intermodal.tests.suite.cluster;

import org.jspecify.annotations.NullMarked;
