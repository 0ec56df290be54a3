package io.intermodal.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.PodAttachment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which network is used, and what is said when there is none. */
@Timeout(60)
final class ReadinessTest {
  @TempDir Path root;
  private ScriptedNode node;

  @BeforeEach
  void makeNode() throws Exception {
    node = new ScriptedNode(root);
  }

  @Test
  void an_empty_folder_is_not_ready_and_attach_says_so() throws Exception {
    try (CniPodNetwork network = node.open()) {
      assertThat(network.readiness().ready()).isFalse();
      assertThat(network.readiness().reason()).isEqualTo("NetworkPluginNotReady");
      assertThat(network.readiness().message()).contains(node.conf.toString());
      PodAttachment pod = node.pod("s1");
      assertThatThrownBy(() -> network.attach(pod))
          .hasMessageContaining("no network's file")
          .isInstanceOfSatisfying(
              CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
    }
  }

  @Test
  void a_missing_folder_is_named_and_found_when_it_appears() throws Exception {
    Files.delete(node.conf);
    try (CniPodNetwork network = node.open()) {
      assertThat(network.readiness().message()).contains("there is no folder " + node.conf);
      Files.createDirectories(node.conf);
      node.usualNetwork();
      ScriptedNode.eventually("ready", () -> network.readiness().ready());
    }
  }

  @Test
  void a_network_that_was_written_a_moment_ago_is_used_at_once() throws Exception {
    try (CniPodNetwork network = node.open()) {
      node.usualNetwork();
      assertThat(network.attach(node.pod("s1")).primary()).isEqualTo("10.1.0.2");
    }
  }

  @Test
  void the_first_valid_file_in_name_order_wins_and_a_change_is_noticed() throws Exception {
    node.plugin("bridge", "portmap", "bandwidth", "ptp");
    node.network("05-broken.conf", "{\"type\":");
    node.network("20-single.conf", "{\"cniVersion\":\"1.0.0\",\"name\":\"one\",\"type\":\"ptp\"}");
    node.network("30-pods.conflist", ScriptedNode.USUAL);
    node.network("00-notes.txt", "not a network");
    try (CniPodNetwork network = node.open()) {
      network.attach(node.pod("s1"));
      assertThat(node.calls()).containsExactly("ptp ADD s1");
      node.forgetCalls();

      Files.delete(node.conf.resolve("20-single.conf"));
      ScriptedNode.eventually(
          "the other network is used",
          () -> {
            network.detach("s1");
            node.forgetCalls();
            network.attach(node.pod("s1"));
            return node.calls().contains("bridge ADD s1");
          });
    }
  }

  @Test
  void a_bad_file_is_skipped_and_its_fault_is_shown_when_there_is_no_good_one() throws Exception {
    node.network("10-bad.conflist", "{\"cniVersion\":\"1.0.0\",\"name\":\"x\",\"plugins\":[]}");
    node.network("20-worse.conf", "name: yaml");
    try (CniPodNetwork network = node.open()) {
      assertThat(network.readiness().message())
          .contains("10-bad.conflist names no plugin")
          .contains("20-worse.conf is not");
      node.usualNetwork();
      node.network("30-pods.conflist", ScriptedNode.USUAL);
      ScriptedNode.eventually("ready", () -> network.readiness().ready());
    }
  }

  @Test
  void a_missing_plugin_is_named_until_it_is_installed() throws Exception {
    node.usualNetwork();
    Files.delete(node.bin.resolve("portmap"));
    try (CniPodNetwork network = node.open()) {
      assertThat(network.readiness().ready()).isFalse();
      assertThat(network.readiness().message()).contains("portmap").contains(node.bin.toString());
      PodAttachment pod = node.pod("s1");
      assertThatThrownBy(() -> network.attach(pod)).hasMessageContaining("portmap");
      assertThat(node.calls()).isEmpty();
      node.plugin("portmap");
      ScriptedNode.eventually("ready", () -> network.readiness().ready());
    }
  }

  @Test
  void a_missing_address_plugin_is_named_too() throws Exception {
    node.plugin("bridge");
    node.network(
        "10-x.conf",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"x\",\"type\":\"bridge\",\"ipam\":{\"type\":\"host-local\"}}");
    try (CniPodNetwork network = node.open()) {
      assertThat(network.readiness().message()).contains("host-local");
    }
  }

  @Test
  void a_plugin_that_is_too_old_for_the_network_is_named() throws Exception {
    node.usualNetwork();
    node.script(
        "portmap",
        "VERSION",
        "answer",
        "{\"cniVersion\":\"0.4.0\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\"]}");
    try (CniPodNetwork network = node.open()) {
      ScriptedNode.eventually("not ready", () -> !network.readiness().ready());
      assertThat(network.readiness().message())
          .contains("CNI version 1.0.0")
          .contains("portmap speaks only [0.3.1, 0.4.0]");
    }
  }

  @Test
  void status_is_asked_from_version_1_1_on_and_turns_both_ways() throws Exception {
    node.usualNetwork();
    node.network("10-pods.conflist", ScriptedNode.USUAL.replace("1.0.0", "1.1.0"));
    node.script("portmap", "STATUS", "fail", "{\"code\":50,\"msg\":\"agent is down\"}");
    try (CniPodNetwork network = node.open()) {
      ScriptedNode.eventually("not ready", () -> !network.readiness().ready());
      assertThat(network.readiness().message()).contains("portmap (STATUS): agent is down");
      node.unscript("portmap", "STATUS", "fail");
      ScriptedNode.eventually("ready", () -> network.readiness().ready());
      node.script("portmap", "STATUS", "fail", "{\"code\":50,\"msg\":\"agent is down\"}");
      ScriptedNode.eventually("not ready", () -> !network.readiness().ready());
    }
  }
}
