package io.intermodal.runtime.node;

import java.util.List;

/**
 * The addresses of a pod, without prefix length, in the order in which the network gave them.
 *
 * @param primary the address that CRI reports as the pod's own
 * @param additional further addresses, the other family's usually
 */
public record PodAddresses(String primary, List<String> additional) {}
