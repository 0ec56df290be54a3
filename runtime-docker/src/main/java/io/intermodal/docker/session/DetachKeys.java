package io.intermodal.docker.session;

/**
 * The keys with which a user of {@code docker} leaves a terminal. CRI knows no such thing, but
 * Docker cannot do without: its own choice, Ctrl-P Ctrl-Q, would hold back every Ctrl-P until the
 * next key, and leave the command running.
 */
final class DetachKeys {
  /** Sixteen NULs: the first of them is not a key that people or programs use. */
  static final String NEVER_TYPED = "ctrl-@,".repeat(15) + "ctrl-@";

  private DetachKeys() {}
}
