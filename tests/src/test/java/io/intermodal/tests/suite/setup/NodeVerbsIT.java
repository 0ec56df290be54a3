package io.intermodal.tests.suite.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intermodal.tests.host.Command.Outcome;
import io.intermodal.tests.host.PrivateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code intermodal node}, on a machine of its own with the engines of this one. Whatever a verb
 * does or fails to do, the machine afterwards is compared with the one before.
 */
@Timeout(300)
class NodeVerbsIT {
  private static final String PROGRAM = "/bin/intermodal";

  /** What a person would look at: every file of /etc, the packet filter, interfaces, processes. */
  private static final String EVERYTHING =
      """
      find /etc -type f ! -name mtab -exec sha256sum {} + | sort -k 2
      find /etc ! -type f -printf '%y %p %l\\n' | sort
      find /etc -printf '%m %u %g %p\\n' | sort
      for filter in iptables ip6tables; do
        $filter-save | grep -e '^-' -e '^:' | sed 's/ \\[.*//' | grep -v '^:[A-Z]* ACCEPT$' || true
      done
      ip -br link | sed 's/@.*//; s/ .*//'
      sysctl net.ipv4.ip_forward
      ps -eo comm= | grep -v -e '^sleep$' -e '^ps$' -e '^sh$' -e '^grep$' || true
      """;

  private final PrivateMachine machine;
  private List<String> before = List.of();

  NodeVerbsIT(@TempDir Path folder) {
    assumeTrue(installed("dockerd"), "no dockerd is installed");
    assumeTrue(installed("containerd"), "no containerd is installed");
    machine = PrivateMachine.start(folder);
  }

  private static boolean installed(String program) {
    return List.of("/usr/sbin", "/usr/bin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @BeforeEach
  void it_is_looked_at() {
    before = everything();
  }

  @AfterEach
  void it_ends() {
    machine.close();
  }

  private List<String> everything() {
    return machine.output("/bin/sh", "-c", EVERYTHING).lines().toList();
  }

  private Outcome node(String... words) {
    List<String> command =
        new ArrayList<>(List.of(Path.of("..").toAbsolutePath().normalize() + PROGRAM));
    command.addAll(List.of(words));
    return machine.run(command.toArray(String[]::new));
  }

  private String done(String... words) {
    Outcome outcome = node(words);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    return outcome.output();
  }

  @Test
  void a_machine_becomes_a_node_moves_to_another_engine_and_is_afterwards_what_it_was() {
    assertThat(done("node", "plan", "--container-runtime=docker"))
        .contains("+  \"live-restore\": true", "start /usr/sbin/dockerd");
    assertThat(done("node", "plan", "--metrics-address=127.0.0.1:9190"))
        .contains("+metrics-address: 127.0.0.1:9190");
    assertThat(everything()).as("after the plan").containsExactlyElementsOf(before);

    assertThat(done("node", "up", "--container-runtime=docker")).endsWith("the node is up\n");
    assertThat(done("node", "up")).contains("nothing had to be changed");
    assertThat(done("node", "status")).contains("a node on docker", "service docker: runs");
    assertThat(done("demo")).contains("nothing is left");
    assertThat(done("node", "kubeadm-config"))
        .contains("criSocket: unix:///run/intermodal/intermodal.sock", "podSubnet: 10.");
    assertThat(machine.output("iptables", "-S", "FORWARD"))
        .contains("--comment intermodal -j ACCEPT");

    assertThat(done("node", "switch", "--container-runtime=containerd"))
        .endsWith("the node is on containerd\n");
    assertThat(machine.output("ps", "-eo", "args"))
        .contains("containerd")
        .doesNotContain("dockerd");
    assertThat(done("status")).contains("containerd  forwarded").doesNotContain("docker ");

    assertThat(done("node", "down")).endsWith("the node is down\n");
    assertThat(everything()).containsExactlyElementsOf(before);
    assertThat(done("node", "down")).contains("nothing to take down");
  }

  @Test
  void what_cannot_be_done_is_said_in_one_sentence_and_changes_nothing() throws IOException {
    assertRefused("docker, containerd", "node", "up", "--container-runtime=podman");
    assertRefused("intermodal node plan: ", "node", "plan", "--cgroup-driver=none");

    Files.createDirectories(machine.place("etc/docker"));
    Files.writeString(machine.place("etc/docker/daemon.json"), "{\n  \"bip\":\n}\n");
    before = everything();
    assertRefused(
        "/etc/docker/daemon.json:3 is no JSON", "node", "up", "--container-runtime=docker");
    Files.delete(machine.place("etc/docker/daemon.json"));
    before = everything();

    machine.output("mount", "-o", "remount,bind,ro", "/etc");
    assertRefused("read-only", "node", "up", "--container-runtime=docker");
  }

  private void assertRefused(String why, String... words) {
    Outcome outcome = node(words);
    assertThat(outcome.exitCode()).as(outcome.output()).isNotZero();
    assertThat(outcome.output()).contains(why).hasLineCount(1);
    assertThat(everything()).as("after " + List.of(words)).containsExactlyElementsOf(before);
  }

  @Test
  void killed_on_its_way_up_the_node_comes_down_as_if_it_had_never_been_begun() {
    String killed =
        """
        "$0" node up --container-runtime=docker &
        up=$!
        until [ -e /run/docker.pid ]; do kill -0 $up; done
        kill -9 $up
        """;
    machine.output("/bin/sh", "-c", killed, Path.of("..").toAbsolutePath().normalize() + PROGRAM);

    assertThat(node("node", "status", "-o", "json").output()).contains("service docker");
    assertThat(done("node", "down")).endsWith("the node is down\n");
    assertThat(everything()).containsExactlyElementsOf(before);
  }
}
