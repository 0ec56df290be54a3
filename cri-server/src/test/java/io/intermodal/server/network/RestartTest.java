package io.intermodal.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.runtime.node.PodAddresses;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a new start finds: its own journal, and the caches of the runtime that was there before. */
@Timeout(60)
final class RestartTest {
  private static final PodAddresses ADDRESS = new PodAddresses("10.1.0.2", List.of());

  @TempDir Path root;
  private ScriptedNode node;

  @BeforeEach
  void makeNode() throws Exception {
    node = new ScriptedNode(root);
    node.usualNetwork();
  }

  @Test
  void a_new_start_knows_the_addresses_without_running_a_plugin() throws Exception {
    attachAndEnd("s1");
    try (CniPodNetwork network = node.open()) {
      assertThat(network.addresses("s1")).contains(ADDRESS);
      assertThat(node.calls()).isEmpty();
    }
  }

  @Test
  void pods_that_died_meanwhile_are_disconnected_and_living_ones_are_not() throws Exception {
    attachAndEnd("dead", "alive");
    try (CniPodNetwork network = node.open()) {
      network.retainOnly(Set.of("alive"));
      assertThat(node.calls())
          .containsExactly("bandwidth DEL dead", "portmap DEL dead", "bridge DEL dead");
      assertThat(node.journal("dead")).doesNotExist();
      assertThat(network.addresses("alive")).contains(ADDRESS);
    }
  }

  @Test
  void an_interrupted_attach_is_undone_even_if_its_sandbox_lives() throws Exception {
    attachAndEnd("half");
    Path file = node.journal("half");
    Files.writeString(file, Files.readString(file).replace("\"attached\"", "\"pending\""));
    try (CniPodNetwork network = node.open()) {
      assertThat(network.addresses("half")).isEmpty();
      network.retainOnly(Set.of("half"));
      assertThat(node.calls()).endsWith("bridge DEL half");
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void pods_attached_since_the_start_are_never_swept() throws Exception {
    try (CniPodNetwork network = node.open()) {
      network.attach(node.pod("fresh"));
      network.retainOnly(Set.of());
      assertThat(network.addresses("fresh")).contains(ADDRESS);
      assertThat(node.calls()).noneMatch(call -> call.contains("DEL"));
    }
  }

  @Test
  void a_sweep_that_fails_is_repeated_in_the_background() throws Exception {
    attachAndEnd("dead");
    node.script("bridge", "DEL", "fail", "{\"code\":5,\"msg\":\"disk full\"}");
    try (CniPodNetwork network = node.open()) {
      network.retainOnly(Set.of());
      assertThat(node.journal("dead")).exists();
      node.unscript("bridge", "DEL", "fail");
      ScriptedNode.eventually("given back", () -> !Files.exists(node.journal("dead")));
    }
  }

  @Test
  void a_pod_that_is_attached_again_after_an_interrupted_attach_starts_clean() throws Exception {
    attachAndEnd("half");
    Path file = node.journal("half");
    Files.writeString(file, Files.readString(file).replace("\"attached\"", "\"pending\""));
    try (CniPodNetwork network = node.open()) {
      assertThat(network.attach(node.pod("half"))).isEqualTo(ADDRESS);
      assertThat(node.calls())
          .containsExactly(
              "bandwidth DEL half",
              "portmap DEL half",
              "bridge DEL half",
              "bridge ADD half",
              "portmap ADD half",
              "bandwidth ADD half");
      network.retainOnly(Set.of("half"));
      assertThat(network.addresses("half")).contains(ADDRESS);
    }
  }

  @Test
  void a_damaged_journal_file_does_not_hide_the_others() throws Exception {
    attachAndEnd("s1");
    Files.writeString(node.journal("broken"), "{\"kind\":");
    try (CniPodNetwork network = node.open()) {
      assertThat(network.addresses("s1")).contains(ADDRESS);
      network.retainOnly(Set.of("s1"));
      assertThat(node.journal("broken")).exists();
    }
  }

  @Test
  void the_pod_cidr_outlives_a_restart() throws Exception {
    try (CniPodNetwork network = node.open()) {
      network.podCidr("10.7.0.0/24,fd00:7::/64");
    }
    try (CniPodNetwork network = node.open()) {
      network.attach(node.pod("s1"));
      assertThat(
              node.stdin("bridge", "ADD")
                  .getAsJsonObject("runtimeConfig")
                  .get("ipRanges")
                  .toString())
          .isEqualTo("[[{\"subnet\":\"10.7.0.0/24\"}],[{\"subnet\":\"fd00:7::/64\"}]]");
    }
  }

  @Test
  void a_pod_of_cri_dockerd_keeps_its_address_and_is_disconnected_with_its_cached_config()
      throws Exception {
    Path cached = node.foreign.resolve("old-net-taken-eth0");
    Files.writeString(cached, foreignEntry("taken"));
    try (CniPodNetwork network = node.open()) {
      assertThat(network.addresses("taken")).contains(new PodAddresses("10.9.0.5", List.of()));

      network.retainOnly(Set.of("taken"));
      assertThat(node.calls()).isEmpty();

      network.detach("taken");
      assertThat(node.calls()).containsExactly("portmap DEL taken", "bridge DEL taken");
      assertThat(node.stdin("bridge", "DEL").get("name").getAsString()).isEqualTo("old-net");
      assertThat(node.stdin("bridge", "DEL").has("prevResult")).isTrue();
      assertThat(node.environment("bridge", "DEL")).contains("CNI_ARGS=K8S_POD_NAME=old");
      assertThat(node.stdin("portmap", "DEL").getAsJsonObject("runtimeConfig").toString())
          .contains("8080");
      assertThat(cached).doesNotExist();
      assertThat(network.addresses("taken")).isEmpty();
    }
  }

  @Test
  void a_dead_pod_of_another_runtime_is_left_alone() throws Exception {
    Path cached = node.foreign.resolve("old-net-theirs-eth0");
    Files.writeString(cached, foreignEntry("theirs"));
    try (CniPodNetwork network = node.open()) {
      network.retainOnly(Set.of());
      assertThat(node.calls()).isEmpty();
      assertThat(cached).exists();
    }
  }

  @Test
  void gc_names_our_pods_and_those_of_other_runtimes() throws Exception {
    Files.writeString(node.foreign.resolve("old-net-theirs-eth0"), foreignEntry("theirs"));
    node.network("10-pods.conflist", ScriptedNode.USUAL.replace("1.0.0", "1.1.0"));
    attachAndEnd("dead", "alive");
    try (CniPodNetwork network = node.open()) {
      network.retainOnly(Set.of("alive"));
      assertThat(node.calls()).contains("bridge GC ", "portmap GC ", "bandwidth GC ");
      JsonArray valid = node.stdin("bridge", "GC").getAsJsonArray("cni.dev/valid-attachments");
      assertThat(valid.asList())
          .extracting(entry -> entry.getAsJsonObject().get("containerID").getAsString())
          .containsExactlyInAnyOrder("alive", "theirs");
      assertThat(valid.get(0).getAsJsonObject().get("ifname").getAsString()).isEqualTo("eth0");
    }
  }

  @Test
  void gc_is_not_run_where_the_network_disables_it() throws Exception {
    node.network(
        "10-pods.conflist",
        ScriptedNode.USUAL
            .replace("1.0.0", "1.1.0")
            .replace("\"name\"", "\"disableGC\":true,\"name\""));
    try (CniPodNetwork network = node.open()) {
      network.retainOnly(Set.of());
      assertThat(node.calls()).noneMatch(call -> call.contains("GC"));
    }
  }

  private void attachAndEnd(String... sandboxIds) throws Exception {
    try (CniPodNetwork network = node.open()) {
      for (String id : sandboxIds) {
        network.attach(node.pod(id));
      }
    }
    node.forgetCalls();
  }

  private static String foreignEntry(String sandboxId) {
    String config =
        """
        {"cniVersion":"0.4.0","name":"old-net","plugins":[
          {"type":"bridge"},{"type":"portmap","capabilities":{"portMappings":true}}]}
        """;
    JsonObject entry = new JsonObject();
    entry.addProperty("kind", "cniCacheV1");
    entry.addProperty("containerId", sandboxId);
    entry.addProperty(
        "config", Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8)));
    entry.addProperty("ifName", "eth0");
    entry.addProperty("networkName", "old-net");
    return entry
        .toString()
        .replaceFirst(
            "}$",
            ",\"cniArgs\":[[\"K8S_POD_NAME\",\"old\"]],"
                + "\"capabilityArgs\":{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,"
                + "\"protocol\":\"tcp\"}]},"
                + "\"result\":{\"cniVersion\":\"0.4.0\",\"interfaces\":[{\"name\":\"br\"},"
                + "{\"name\":\"eth0\",\"sandbox\":\"/proc/1/ns/net\"}],\"ips\":[{\"version\":\"4\","
                + "\"interface\":1,\"address\":\"10.9.0.5/16\"}]}}");
  }
}
