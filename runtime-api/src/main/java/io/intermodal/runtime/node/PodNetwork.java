package io.intermodal.runtime.node;

import io.intermodal.runtime.CriException;
import java.util.Optional;
import java.util.Set;

/**
 * Connects pods to the node's network (CNI) and remembers what was handed out, also across a crash.
 *
 * <p>An attachment is journalled before the first plugin runs and forgotten after the last one has
 * undone it, so that an address handed out is always an address that can be given back.
 */
public interface PodNetwork {
  /**
   * Connects the pod (CNI ADD of every plugin in the chain) and returns its addresses. When it
   * fails half way, what was done is undone before the exception leaves.
   *
   * @throws CriException UNAVAILABLE when no network is configured, UNKNOWN with the plugin's own
   *     words when a plugin fails, DEADLINE_EXCEEDED when one does not end
   */
  PodAddresses attach(PodAttachment pod);

  /**
   * Disconnects the pod (CNI DEL in reverse order) and forgets it. Does nothing for a pod that is
   * not attached. The pod's network namespace may be gone already.
   *
   * @throws CriException when a plugin fails; the attachment is then remembered and can be tried
   *     again
   */
  void detach(String sandboxId);

  /**
   * The addresses of an attached pod, from memory; empty when it is not (or not fully) attached.
   */
  Optional<PodAddresses> addresses(String sandboxId);

  /**
   * Disconnects every pod of this engine that is not in the given set, and every one whose
   * attachment was interrupted by our own end. Called once after start, when the living pods are
   * known. What cannot be disconnected now is logged, remembered and tried again later.
   */
  void retainOnly(Set<String> livingSandboxIds);

  /** Whether pods can be connected now, and if not why. From memory. */
  Readiness readiness();

  /** The pod address range that the kubelet told; networks that template it are loaded anew. */
  void podCidr(String cidr);

  /**
   * Whether pods can be attached, and if not why.
   *
   * @param ready whether a pod could be attached now
   * @param reason one CamelCase word for a condition: {@code NetworkPluginNotReady}; empty if ready
   * @param message a sentence for people: which folder was searched, which file is bad; empty if
   *     ready
   */
  record Readiness(boolean ready, String reason, String message) {}
}
