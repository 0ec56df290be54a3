package io.intermodal.server.network.cni;

/** Is told of each plugin that was run. Must neither wait nor throw. */
@FunctionalInterface
public interface PluginTimes {
  /** For networks that are not measured. */
  PluginTimes NONE = (plugin, command, succeeded, nanos) -> {};

  /**
   * A plugin has ended, or could not be run.
   *
   * @param plugin its type: {@code bridge}
   * @param command {@code ADD}, {@code DEL} or {@code CHECK}
   * @param succeeded whether it did its part
   * @param nanos how long it took
   */
  void ran(String plugin, String command, boolean succeeded, long nanos);
}
