package io.intermodal.server.wire;

import io.grpc.MethodDescriptor;
import java.util.Optional;

/**
 * The versions of CRI. Both have the same messages on the wire: v1alpha2, spoken by kubelets up to
 * 1.22 and by containerd up to 1.5, only lacks some fields and RPCs.
 */
public enum CriVersion {
  V1("v1"),
  V1ALPHA2("v1alpha2");

  private static final String PACKAGE = "runtime.";

  private final String label;
  private final String prefix;

  CriVersion(String label) {
    this.label = label;
    this.prefix = PACKAGE + label + ".";
  }

  /** What {@code Version} answers to a caller of this version. */
  public String label() {
    return label;
  }

  /** The version that is not this one. */
  public CriVersion other() {
    return this == V1 ? V1ALPHA2 : V1;
  }

  /**
   * A service's or a method's name in this version.
   *
   * @param name in any version, {@code runtime.v1.RuntimeService/Version}, or without one
   */
  public String named(String name) {
    return prefix + of(name).map(version -> name.substring(version.prefix.length())).orElse(name);
  }

  /** The method under this version's name. */
  public <Q, A> MethodDescriptor<Q, A> of(MethodDescriptor<Q, A> method) {
    return method.toBuilder().setFullMethodName(named(method.getFullMethodName())).build();
  }

  /** The version of a service or method by its full name; empty when it is not CRI's. */
  public static Optional<CriVersion> of(String name) {
    for (CriVersion version : values()) {
      if (name.startsWith(version.prefix)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }
}
