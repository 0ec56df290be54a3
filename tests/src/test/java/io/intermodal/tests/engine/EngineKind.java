package io.intermodal.tests.engine;

/** How an engine is served; a class of tests says for which kinds it runs. */
public enum EngineKind {
  /** Docker, whose API is translated. */
  TRANSLATED,
  /** An engine whose CRI passes through: the installed containerd. */
  FORWARDED,
  /**
   * Another containerd, beside the installed one: what versions answer differently matters here.
   */
  FORWARDED_NEWER,
  /** A containerd that speaks v1alpha2 alone. */
  FORWARDED_OLD,
  /** CRI-O. */
  FORWARDED_CRIO,
  /** rkt, whose command line is translated. */
  TRANSLATED_RKT,
  /** Docker and a containerd behind one socket. */
  SEVERAL
}
