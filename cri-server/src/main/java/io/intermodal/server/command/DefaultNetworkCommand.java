package io.intermodal.server.command;

import io.intermodal.runtime.CriException;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.network.defaults.DefaultNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code intermodal default-network}: a CNI network for a node that has none. */
final class DefaultNetworkCommand implements Subcommand {
  @Override
  public String name() {
    return "default-network";
  }

  @Override
  public String description() {
    return "Writes a CNI network into --cni-conf-dir if there is none; leaves any other alone.";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Settings.CONFIG, Settings.CNI_CONF_DIR, Settings.CNI_BIN_DIR);
  }

  @Override
  public int run(Invocation invocation) {
    Configuration configuration = invocation.configuration();
    Path folder = configuration.get(Settings.CNI_CONF_DIR);
    try {
      Optional<Path> written =
          new DefaultNetwork(new PluginDirectories(configuration.get(Settings.CNI_BIN_DIR)))
              .writeInto(folder);
      invocation
          .out()
          .println(
              written
                  .map(file -> "network: wrote " + file)
                  .orElse("network: " + folder + " has one already"));
      return OK;
    } catch (IOException | CriException e) {
      invocation.err().println("intermodal default-network: " + e.getMessage());
      return FAILED;
    }
  }
}
