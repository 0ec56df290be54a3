package io.intermodal.server.network.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.server.network.cni.NetworkConfig;
import io.intermodal.server.network.cni.PluginConfig;
import io.intermodal.server.network.cni.PluginDirectories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network for nodes that have none. */
final class DefaultNetworkTest {
  private static final HostRoutes NO_ROUTES = new HostRoutes(List.of());

  @TempDir Path root;
  private Path bin;
  private Path conf;

  @BeforeEach
  void makeFolders() throws Exception {
    bin = Files.createDirectories(root.resolve("bin"));
    conf = root.resolve("etc/cni/net.d");
  }

  @Test
  void uses_what_is_installed() throws Exception {
    plugins("1.0.0", "bridge", "host-local", "portmap", "firewall");
    Path file = write(NO_ROUTES);
    NetworkConfig network = NetworkConfig.read(file);
    assertThat(network.name()).isEqualTo("intermodal");
    assertThat(network.version()).hasToString("1.0.0");
    assertThat(network.plugins())
        .extracting(PluginConfig::type)
        .containsExactly("bridge", "portmap", "firewall");
    assertThat(network.has("portMappings")).isTrue();
    assertThat(network.json()).contains("\"subnet\":\"10.89.0.0/16\"");
    try (var files = Files.list(conf)) {
      assertThat(files).as("nothing unfinished stays").hasSize(1);
    }
  }

  @Test
  void speaks_the_newest_version_that_the_plugins_know() throws Exception {
    plugins("0.4.0", "bridge", "host-local");
    plugins("0.3.1", "portmap");
    NetworkConfig network = NetworkConfig.read(write(NO_ROUTES));
    assertThat(network.version()).hasToString("0.4.0");
    assertThat(network.plugins()).extracting(PluginConfig::type).containsExactly("bridge");
  }

  @Test
  void leaves_a_folder_alone_that_has_a_network_file_even_a_bad_one() throws Exception {
    plugins("1.0.0", "bridge", "host-local");
    Files.createDirectories(conf);
    Files.writeString(conf.resolve("10-x.conf"), "broken");
    assertThat(network(NO_ROUTES).writeInto(conf)).isEmpty();
    assertThat(conf.resolve(DefaultNetwork.FILE)).doesNotExist();
  }

  @Test
  void a_second_time_writes_nothing() throws Exception {
    plugins("1.0.0", "bridge", "host-local");
    write(NO_ROUTES);
    assertThat(network(NO_ROUTES).writeInto(conf)).isEmpty();
  }

  @Test
  void avoids_ranges_that_have_a_route() throws Exception {
    plugins("1.0.0", "bridge", "host-local");
    HostRoutes routes =
        HostRoutes.parse(
            List.of(
                "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT",
                "eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0",
                "eth0 0000580A 00000000 0001 0 0 0 0000FEFF 0 0 0",
                "eth1 0A015A0A 00000000 0001 0 0 0 FFFFFFFF 0 0 0"));
    assertThat(NetworkConfig.read(write(routes)).json())
        .as("10.88.0.0/15 and 10.90.1.10/32 are taken")
        .contains("\"subnet\":\"10.91.0.0/16\"");
  }

  @Test
  void says_which_plugin_is_missing() throws Exception {
    plugins("1.0.0", "bridge");
    assertThatThrownBy(() -> network(NO_ROUTES).writeInto(conf))
        .isInstanceOf(CriException.class)
        .hasMessageContaining("host-local")
        .hasMessageContaining(bin.toString());
  }

  private Path write(HostRoutes routes) throws Exception {
    return network(routes).writeInto(conf).orElseThrow();
  }

  private DefaultNetwork network(HostRoutes routes) {
    return new DefaultNetwork(new PluginDirectories(List.of(bin)), routes);
  }

  private void plugins(String version, String... names) throws Exception {
    for (String name : names) {
      Path script = bin.resolve(name);
      Files.writeString(
          script,
          "#!/bin/sh\ncat > /dev/null\necho '{\"cniVersion\":\""
              + version
              + "\",\"supportedVersions\":[\""
              + version
              + "\"]}'\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
