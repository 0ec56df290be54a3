package io.intermodal.server.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Network files and results of every version. */
final class NetworkConfigTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 0.1.0",
        "'\"cniVersion\":\"\",' | 0.1.0",
        "'\"cniVersion\":\"0.3.1\",' | 0.3.1",
        "'\"cniVersion\":\"1.1.0\",' | 1.1.0",
        "'\"cniVersion\":\"0.4.0\",\"cniVersions\":[\"0.4.0\",\"1.0.0\",\"1.1.0\"],' | 1.1.0",
        "'\"cniVersion\":\"0.4.0\",\"cniVersions\":[\"1.0.0\",\"7.0.0\"],' | 1.0.0",
      })
  void the_newest_offered_version_that_is_known_is_used(String field, String version)
      throws Exception {
    assertThat(parse("{" + field + "\"name\":\"n\",\"plugins\":[{\"type\":\"t\"}]}").version())
        .hasToString(version);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | is not a JSON object",
        "'' | is not a JSON object",
        "{\"name\":\"n\"} | has a plugin without \"type\"",
        "{\"type\":\"t\"} | has no \"name\"",
        "{\"name\":\"a/../b\",\"type\":\"t\"} | invalid network name",
        "{\"name\":\"n\",\"type\":\"../sh\"} | no program's name",
        "{\"name\":\"n\",\"type\":\"t\",\"ipam\":{\"type\":\"/bin/sh\"}} | no program's name",
        "{\"name\":\"n\",\"type\":7} | is not a string",
        "{\"name\":\"n\",\"plugins\":{}} | is not a list",
        "{\"name\":\"n\",\"plugins\":[1]} | is not an object",
        "{\"cniVersion\":\"9.0.0\",\"name\":\"n\",\"type\":\"t\"} | is of CNI version 9.0.0",
        "{'name':'n','type':'t'} | is not valid JSON",
        "{\"name\":\"n\",\"type\":\"t\"} trailing | is not valid JSON",
      })
  void what_is_no_network_says_why(String json, String why) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining(why);
  }

  @Test
  void a_single_plugin_is_a_chain_of_one() throws Exception {
    Path file =
        Files.writeString(folder.resolve("a.conf"), "{\"name\":\"n\",\"type\":\"t\",\"mtu\":9}");
    NetworkConfig network = NetworkConfig.read(file);
    assertThat(network.plugins()).extracting(PluginConfig::type).containsExactly("t");
    assertThat(NetworkConfig.parse(network.bytes())).isEqualTo(network);
  }

  @Test
  void plugins_in_the_networks_own_folder_follow_unless_only_inlined_ones_count() throws Exception {
    Files.createDirectories(folder.resolve("n"));
    Files.writeString(folder.resolve("n/20.conf"), "{\"type\":\"last\"}");
    Files.writeString(folder.resolve("n/10.conf"), "{\"type\":\"middle\"}");
    Path file =
        Files.writeString(
            folder.resolve("a.conflist"), "{\"name\":\"n\",\"plugins\":[{\"type\":\"first\"}]}");
    assertThat(NetworkConfig.read(file).plugins())
        .extracting(PluginConfig::type)
        .containsExactly("first", "middle", "last");
    Files.writeString(
        file,
        "{\"name\":\"n\",\"loadOnlyInlinedPlugins\":true,\"plugins\":[{\"type\":\"first\"}]}");
    assertThat(NetworkConfig.read(file).plugins())
        .extracting(PluginConfig::type)
        .containsExactly("first");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ip4\":{\"ip\":\"10.0.0.2/24\"},\"ip6\":{\"ip\":\"fd00::2/64\"}} | 10.0.0.2 fd00::2",
        "{\"ips\":[{\"address\":\"10.0.0.2/24\"}]} | 10.0.0.2",
        "{\"ips\":[{\"address\":\"fd00::2/64\"},{\"address\":\"10.0.0.2/24\"}]} | fd00::2 10.0.0.2",
        "{\"interfaces\":[{\"name\":\"br\"},{\"name\":\"eth0\",\"sandbox\":\"/s\"}],"
            + "\"ips\":[{\"interface\":0,\"address\":\"10.0.0.1/24\"},"
            + "{\"interface\":1,\"address\":\"10.0.0.2/24\"}]} | 10.0.0.2",
        "{\"interfaces\":[{\"name\":\"eth0\"},{\"name\":\"eth0\",\"sandbox\":\"/s\"}],"
            + "\"ips\":[{\"interface\":0,\"address\":\"10.0.0.1/24\"},"
            + "{\"interface\":1,\"address\":\"10.0.0.2/24\"}]} | 10.0.0.2",
        "{\"interfaces\":[{\"name\":\"br\"}],"
            + "\"ips\":[{\"interface\":5,\"address\":\"10.0.0.2/24\"}]} | 10.0.0.2",
      })
  void the_addresses_are_those_of_the_pods_interface_in_the_plugins_order(
      String result, String addresses) throws Exception {
    assertThat(CniResult.addresses(Json.object(bytes(result)), "eth0"))
        .isEqualTo(List.of(addresses.split(" ", -1)));
  }

  @Test
  void a_result_without_addresses_has_none() throws Exception {
    assertThat(CniResult.addresses(Json.object(bytes("{}")), "eth0")).isEmpty();
  }

  private static NetworkConfig parse(String json) throws MalformedJsonException {
    return NetworkConfig.parse(bytes(json));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
