package io.intermodal.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.PodAddresses;
import io.intermodal.runtime.node.PodAttachment;
import io.intermodal.server.network.cni.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One pod: connected, disconnected, and what happens when a plugin does not do its part. */
@Timeout(60)
final class AttachAndDetachTest {
  @TempDir Path root;
  private ScriptedNode node;

  @BeforeEach
  void makeNode() throws Exception {
    node = new ScriptedNode(root);
    node.usualNetwork();
  }

  @Test
  void add_goes_down_the_chain_and_hands_each_result_to_the_next_plugin() throws Exception {
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      assertThat(network.attach(pod)).isEqualTo(new PodAddresses("10.1.0.2", List.of()));

      assertThat(node.calls())
          .containsExactly("bridge ADD s1", "portmap ADD s1", "bandwidth ADD s1");
      assertThat(node.stdin("bridge", "ADD").has("prevResult")).isFalse();
      assertThat(node.stdin("bridge", "ADD").get("name").getAsString()).isEqualTo("pods");
      assertThat(node.stdin("bridge", "ADD").get("cniVersion").getAsString()).isEqualTo("1.0.0");
      assertThat(node.stdin("bandwidth", "ADD").getAsJsonObject("prevResult").getAsJsonArray("ips"))
          .hasSize(1);
      assertThat(node.environment("portmap", "ADD"))
          .contains(
              "CNI_COMMAND=ADD",
              "CNI_CONTAINERID=s1",
              "CNI_NETNS=" + pod.networkNamespace(),
              "CNI_IFNAME=eth0",
              "CNI_PATH=" + node.bin,
              "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;"
                  + "K8S_POD_INFRA_CONTAINER_ID=s1;K8S_POD_UID=uid-1");
      assertThat(network.addresses("s1")).contains(new PodAddresses("10.1.0.2", List.of()));
    }
  }

  @Test
  void del_goes_up_the_chain_with_the_config_of_the_add_although_the_folder_is_empty_now()
      throws Exception {
    try (CniPodNetwork network = node.open()) {
      network.attach(node.pod("s1"));
      Files.delete(node.conf.resolve("10-pods.conflist"));
      ScriptedNode.eventually("not ready", () -> !network.readiness().ready());
      node.forgetCalls();

      network.detach("s1");

      assertThat(node.calls())
          .containsExactly("bandwidth DEL s1", "portmap DEL s1", "bridge DEL s1");
      assertThat(node.stdin("bridge", "DEL").get("bridge").getAsString()).isEqualTo("b0");
      assertThat(node.stdin("bridge", "DEL").has("prevResult")).isTrue();
      assertThat(network.addresses("s1")).isEmpty();
      assertThat(node.journal("s1")).doesNotExist();
    }
  }

  @Test
  void detach_of_what_is_not_attached_does_nothing() throws Exception {
    try (CniPodNetwork network = node.open()) {
      network.detach("nobody");
      assertThat(node.calls()).isEmpty();
    }
  }

  @Test
  void the_pod_is_in_the_journal_before_the_first_plugin_runs() throws Exception {
    node.script("bridge", "ADD", "hang", "");
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      CompletableFuture<Void> attaching = CompletableFuture.runAsync(() -> network.attach(pod));
      ScriptedNode.eventually("bridge runs", () -> node.calls().contains("bridge ADD s1"));

      var written = Json.object(Files.readAllBytes(node.journal("s1")));
      assertThat(written.get("state").getAsString()).isEqualTo("pending");
      assertThat(written.get("kind").getAsString()).isEqualTo("cniCacheV1");
      assertThat(network.addresses("s1")).isEmpty();

      assertThatThrownBy(() -> attaching.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CriException.class);
    }
  }

  @Test
  void a_plugin_that_fails_half_way_is_undone_and_its_words_reach_the_caller() throws Exception {
    node.script(
        "portmap", "ADD", "fail", "{\"code\":7,\"msg\":\"port taken\",\"details\":\"by sshd\"}");
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      assertThatThrownBy(() -> network.attach(pod))
          .hasMessageContaining("pod shop/web")
          .hasMessageContaining("network pods")
          .hasMessageContaining("plugin portmap (ADD): port taken; by sshd (code 7)")
          .isInstanceOfSatisfying(
              CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNKNOWN));

      assertThat(node.calls())
          .containsExactly(
              "bridge ADD s1",
              "portmap ADD s1",
              "bandwidth DEL s1",
              "portmap DEL s1",
              "bridge DEL s1");
      assertThat(node.stdin("bridge", "DEL").has("prevResult"))
          .as("the result of the plugins before the one that failed")
          .isTrue();
      assertThat(node.journal("s1")).doesNotExist();
    }
  }

  @Test
  void try_again_later_is_unavailable() throws Exception {
    node.script("bridge", "ADD", "fail", "{\"code\":11,\"msg\":\"still starting\"}");
    try (CniPodNetwork network = node.open()) {
      assertCode(network, Code.UNAVAILABLE, "still starting");
    }
  }

  @Test
  void a_failure_without_json_is_reported_with_what_the_plugin_printed() throws Exception {
    node.script("bridge", "ADD", "fail", "Segmentation fault");
    try (CniPodNetwork network = node.open()) {
      assertCode(network, Code.UNKNOWN, "exit code 1: Segmentation fault");
    }
  }

  @Test
  void an_answer_that_is_no_result_is_undone() throws Exception {
    node.script("bandwidth", "ADD", "answer", "all well");
    try (CniPodNetwork network = node.open()) {
      assertCode(network, Code.UNKNOWN, "plugin bandwidth (ADD): its answer is not");
      assertThat(node.calls()).contains("bridge DEL s1");
    }
  }

  @Test
  void a_result_without_an_address_is_undone() throws Exception {
    node.script("bandwidth", "ADD", "answer", "{\"cniVersion\":\"1.0.0\"}");
    try (CniPodNetwork network = node.open()) {
      assertCode(network, Code.UNKNOWN, "names no address");
      assertThat(node.calls()).contains("bridge DEL s1");
      assertThat(node.journal("s1")).doesNotExist();
    }
  }

  @Test
  void a_plugin_that_hangs_is_killed_with_its_children_and_undone() throws Exception {
    node.script("portmap", "ADD", "hang", "");
    try (CniPodNetwork network = node.open()) {
      assertCode(network, Code.DEADLINE_EXCEEDED, "plugin portmap (ADD): did not end");

      long child =
          Long.parseLong(Files.readString(node.record.resolve("portmap.ADD.child")).strip());
      ScriptedNode.eventually(
          "the child is gone",
          () -> ProcessHandle.of(child).map(process -> !process.isAlive()).orElse(true));
      assertThat(node.calls()).endsWith("bandwidth DEL s1", "portmap DEL s1", "bridge DEL s1");
    }
  }

  @Test
  void a_failed_undo_is_tried_again_until_it_succeeds() throws Exception {
    node.script("portmap", "ADD", "fail", "{\"code\":7,\"msg\":\"port taken\"}");
    node.script("bridge", "DEL", "fail", "{\"code\":5,\"msg\":\"disk full\"}");
    try (CniPodNetwork network = node.open()) {
      assertCode(network, Code.UNKNOWN, "port taken");
      assertThat(node.journal("s1")).exists();

      node.unscript("bridge", "DEL", "fail");
      ScriptedNode.eventually("given back", () -> !Files.exists(node.journal("s1")));
    }
  }

  @Test
  void a_detach_that_fails_is_remembered_and_can_be_repeated() throws Exception {
    node.script("portmap", "DEL", "fail", "{\"code\":5,\"msg\":\"xtables lock\"}");
    try (CniPodNetwork network = node.open()) {
      network.attach(node.pod("s1"));
      assertThatThrownBy(() -> network.detach("s1"))
          .hasMessageContaining("sandbox s1")
          .hasMessageContaining("plugin portmap (DEL): xtables lock");
      assertThat(node.calls()).as("the address is still in use").doesNotContain("bridge DEL s1");
      assertThat(node.journal("s1")).exists();

      node.unscript("portmap", "DEL", "fail");
      network.detach("s1");
      assertThat(node.calls()).endsWith("bridge DEL s1");
      assertThat(node.journal("s1")).doesNotExist();
    }
  }

  @Test
  void a_namespace_that_is_gone_is_not_named_to_the_plugins() throws Exception {
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      network.attach(pod);
      Files.delete(Path.of(pod.networkNamespace()));
      network.detach("s1");
      assertThat(node.environment("bridge", "DEL")).contains("CNI_NETNS=");
    }
  }

  @Test
  void a_path_that_leads_to_another_namespace_now_is_not_named_to_the_plugins() throws Exception {
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      network.attach(pod);
      Path path = Path.of(pod.networkNamespace());
      Files.delete(path);
      Files.createSymbolicLink(path, Path.of("/proc/self/ns/net"));
      network.detach("s1");
      assertThat(node.environment("bridge", "DEL")).contains("CNI_NETNS=");
    }
  }

  @Test
  void a_namespace_that_goes_while_a_plugin_looks_for_it_is_left_out_in_a_second_try()
      throws Exception {
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      network.attach(pod);
      node.script("portmap", "DEL", "unlink", pod.networkNamespace());
      node.forgetCalls();
      network.detach("s1");
      assertThat(node.calls())
          .containsExactly(
              "bandwidth DEL s1",
              "portmap DEL s1",
              "bandwidth DEL s1",
              "portmap DEL s1",
              "bridge DEL s1");
      assertThat(node.environment("bridge", "DEL")).contains("CNI_NETNS=");
    }
  }

  @Test
  void the_hosts_own_namespace_is_refused() throws Exception {
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      Path path = Path.of(pod.networkNamespace());
      Files.delete(path);
      Files.createSymbolicLink(path, Path.of("/proc/self/ns/net"));
      assertThatThrownBy(() -> network.attach(pod)).hasMessageContaining("host's own");
      assertThat(node.calls()).isEmpty();
    }
  }

  @Test
  void a_second_attach_of_the_same_sandbox_returns_what_the_first_one_got() throws Exception {
    try (CniPodNetwork network = node.open()) {
      PodAttachment pod = node.pod("s1");
      PodAddresses first = network.attach(pod);
      assertThat(network.attach(pod)).isEqualTo(first);
      assertThat(node.calls()).hasSize(3);
    }
  }

  @Test
  void a_detach_waits_for_the_attach_of_its_sandbox_but_not_for_another_ones() throws Exception {
    Path gate = node.record.resolve("bandwidth.ADD.gate");
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
    try (CniPodNetwork network = node.open()) {
      PodAttachment slow = node.pod("slow");
      CompletableFuture<PodAddresses> attaching =
          CompletableFuture.supplyAsync(() -> network.attach(slow));
      ScriptedNode.eventually(
          "waits at the gate", () -> node.calls().contains("bandwidth ADD slow"));
      network.detach("other");
      CompletableFuture<Void> detaching = CompletableFuture.runAsync(() -> network.detach("slow"));

      assertThat(node.calls()).noneMatch(call -> call.contains("DEL"));
      Files.writeString(gate, "go");
      attaching.get(20, TimeUnit.SECONDS);
      detaching.get(20, TimeUnit.SECONDS);

      assertThat(node.calls())
          .endsWith("bandwidth DEL slow", "portmap DEL slow", "bridge DEL slow");
      assertThat(network.addresses("slow")).isEqualTo(Optional.empty());
    }
  }

  @Test
  void check_hands_the_cached_result_to_every_plugin() throws Exception {
    try (CniPodNetwork network = node.open()) {
      network.attach(node.pod("s1"));
      network.check("s1");
      assertThat(node.calls())
          .endsWith("bridge CHECK s1", "portmap CHECK s1", "bandwidth CHECK s1");
      assertThat(node.stdin("bridge", "CHECK").has("prevResult")).isTrue();
      node.script("portmap", "CHECK", "fail", "{\"code\":100,\"msg\":\"rule missing\"}");
      assertThatThrownBy(() -> network.check("s1")).hasMessageContaining("rule missing");
    }
  }

  @Test
  void check_is_not_run_where_the_network_disables_it() throws Exception {
    node.network(
        "10-pods.conflist",
        ScriptedNode.USUAL.replace("\"name\"", "\"disableCheck\":true,\"name\""));
    try (CniPodNetwork network = node.open()) {
      network.attach(node.pod("s1"));
      network.check("s1");
      assertThat(node.calls()).hasSize(3);
    }
  }

  @Test
  void a_loud_plugin_is_bounded() throws Exception {
    Files.writeString(
        node.bin.resolve("bridge"), "#!/bin/sh\nhead -c 3000000 /dev/zero >&2\nyes\n");
    try (CniPodNetwork network = node.open()) {
      assertCode(network, Code.UNKNOWN, "printed more than 1048576 bytes");
    }
  }

  private void assertCode(CniPodNetwork network, Code code, String message) throws Exception {
    PodAttachment pod = node.pod("s1");
    assertThatThrownBy(() -> network.attach(pod))
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(network.addresses("s1")).isEmpty();
  }
}
