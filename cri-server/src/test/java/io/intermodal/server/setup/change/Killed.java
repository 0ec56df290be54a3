package io.intermodal.server.setup.change;

/** What ends a process at any moment looks like from inside: nothing after it is done. */
final class Killed extends Error {
  private static final long serialVersionUID = 1;

  Killed(String before) {
    super("killed before: " + before);
  }
}
