package io.intermodal.server.network.cni;

import org.jspecify.annotations.Nullable;

/** A plugin that did not do what it was asked for. The message names it and what it said. */
public final class PluginException extends Exception {
  /** The specification's code for "try again later". */
  private static final int TRY_AGAIN_LATER = 11;

  /** In which way it failed. */
  public enum Kind {
    /** It ran and reported an error. */
    FAILED,
    /** It ran and said that trying again later may help. */
    TRY_LATER,
    /** It did not end in time and was killed. */
    TIMED_OUT,
    /** Its program is not there or cannot be run. */
    NOT_RUNNABLE,
    /** We were told to stop waiting for it. */
    INTERRUPTED
  }

  private final Kind kind;

  PluginException(Kind kind, String plugin, String command, String what) {
    this(kind, plugin, command, what, null);
  }

  PluginException(
      Kind kind, String plugin, String command, String what, @Nullable Throwable cause) {
    super("CNI plugin " + plugin + " (" + command + "): " + what, cause);
    this.kind = kind;
  }

  static PluginException reported(
      String plugin, String command, int code, String message, String details) {
    return new PluginException(
        code == TRY_AGAIN_LATER ? Kind.TRY_LATER : Kind.FAILED,
        plugin,
        command,
        message + (details.isEmpty() ? "" : "; " + details) + " (code " + code + ")");
  }

  public Kind kind() {
    return kind;
  }
}
