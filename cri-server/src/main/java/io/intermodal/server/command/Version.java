package io.intermodal.server.command;

import java.util.Optional;

/** Which build this is. */
final class Version {
  private Version() {}

  /** {@code intermodal 0.1.0 (CRI v1, v1alpha2)}; "development" when not run from a jar. */
  static String text() {
    String version =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("development");
    return "intermodal %s (CRI v1, v1alpha2; Java %s)".formatted(version, Runtime.version());
  }
}
