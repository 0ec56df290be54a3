package io.intermodal.server.dispatch;

import io.grpc.MethodDescriptor;

/**
 * The versions of CRI that are served. Both have the same messages on the wire: v1alpha2, spoken by
 * kubelets up to 1.22, only lacks some fields and RPCs.
 */
enum CriVersion {
  V1("v1"),
  V1ALPHA2("v1alpha2");

  private static final String CONTRACT = "runtime.v1.";

  private final String label;

  CriVersion(String label) {
    this.label = label;
  }

  /** What {@code Version} answers to a caller of this version. */
  String label() {
    return label;
  }

  /** {@code runtime.v1.RuntimeService} under this version's name. */
  String named(String serviceOrMethod) {
    return "runtime." + label + "." + serviceOrMethod.substring(CONTRACT.length());
  }

  /** The method under this version's name. */
  <Q, A> MethodDescriptor<Q, A> of(MethodDescriptor<Q, A> method) {
    return method.toBuilder().setFullMethodName(named(method.getFullMethodName())).build();
  }
}
