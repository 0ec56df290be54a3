package io.intermodal.containerd.setup;

import java.net.URI;

/**
 * A mirror as containerd is told of it.
 *
 * @param overridesPath whether the URL leads to the API itself; containerd adds {@code /v2} behind
 *     the path if it does not
 */
record RegistryMirror(String url, boolean overridesPath) {
  private static final String API = "/v2";

  /**
   * A path is the beginning of the images' names there, as in a pull-through cache: {@code
   * https://cache/hub} serves {@code library/busybox} as {@code hub/library/busybox}.
   */
  static RegistryMirror of(URI mirror) {
    String path = mirror.getRawPath().replaceFirst("/+$", "");
    String root = mirror.getScheme() + "://" + mirror.getRawAuthority();
    if (path.isEmpty()) {
      return new RegistryMirror(root, false);
    }
    boolean leadsToApi = path.equals(API) || path.startsWith(API + "/");
    return new RegistryMirror(root + (leadsToApi ? path : API + path), true);
  }
}
