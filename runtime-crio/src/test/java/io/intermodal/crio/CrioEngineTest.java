package io.intermodal.crio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.node.CriSockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrioEngineTest {
  private static final EngineConfig USUAL = new EngineConfig(Optional.empty());
  private static final String OK = "HTTP/1.0 200 OK\r\n\r\n";

  private final Path folder;
  private final UsualPlaces places;
  private final CrioEngine engine;

  CrioEngineTest(@TempDir Path folder) {
    this.folder = folder;
    this.places =
        new UsualPlaces(
            List.of(file("crio.sock"), file("other.sock")),
            List.of(file("crio")),
            file("crio.conf"),
            file("crio.conf.d"));
    this.engine = new CrioEngine(places);
  }

  @Test
  void is_found_by_its_name() {
    assertThat(ServiceLoader.load(ContainerEngine.class))
        .singleElement()
        .satisfies(found -> assertThat(found.name()).isEqualTo("cri-o"));
  }

  @Test
  void the_first_socket_that_exists_is_asked_or_the_first() throws IOException {
    assertThat(engine.probe(USUAL, served("v1")).endpoint())
        .contains("unix://" + file("crio.sock"));
    Files.createFile(file("other.sock"));
    assertThat(engine.probe(USUAL, served("v1")).endpoint())
        .contains("unix://" + file("other.sock"));
    assertThat(connected(USUAL).endpoint()).isEqualTo("unix://" + file("other.sock"));
  }

  @Test
  void a_configured_socket_is_asked_whatever_exists() throws IOException {
    Files.createFile(file("crio.sock"));
    EngineConfig config = new EngineConfig(Optional.of("unix:///elsewhere/c.sock"));
    assertThat(engine.probe(config, served("v1")).endpoint()).contains("unix:///elsewhere/c.sock");
    assertThat(connected(config).endpoint()).isEqualTo("unix:///elsewhere/c.sock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://127.0.0.1:1", "unix://c.sock", "/run/c.sock", ""})
  void what_is_no_unix_socket_cannot_be_meant(String endpoint) {
    EngineConfig config = new EngineConfig(Optional.of(endpoint));
    String refusal = "crio-endpoint: \"" + endpoint + "\" (expected: unix:///absolute/path)";

    Probe probe = engine.probe(config, served("v1"));
    assertThat(probe.state()).isEqualTo(Probe.State.UNSUPPORTED);
    assertThat(probe.detail()).isEqualTo(refusal);
    assertThatThrownBy(() -> connected(config))
        .isInstanceOfSatisfying(
            CriException.class,
            e -> assertThat(e.code()).isEqualTo(CriException.Code.INVALID_ARGUMENT))
        .hasMessage(refusal);
  }

  @Test
  void one_that_serves_cri_runs() {
    assertThat(engine.probe(USUAL, served("v1alpha2", "v1")))
        .isEqualTo(
            new Probe(
                Probe.State.RUNNING,
                Optional.of("unix://" + file("crio.sock")),
                Optional.of("1.25.5"),
                "CRI v1 and v1alpha2"));
  }

  @Test
  void another_engine_on_the_socket_is_named() {
    CriSockets sockets =
        answering(
            new CriSockets.Served(Set.of("v1"), "containerd", "1.7.24", OptionalLong.empty()));
    assertThat(engine.probe(USUAL, sockets).detail())
        .isEqualTo("CRI v1, by an engine that calls itself \"containerd\"");
  }

  @Test
  void it_is_asked_for_less_than_the_second_that_a_probe_may_take() {
    engine.probe(
        USUAL,
        (endpoint, patience) -> {
          assertThat(patience).isLessThan(Duration.ofSeconds(1));
          return new CriSockets.Unreachable("no such file");
        });
  }

  @Test
  void one_that_is_installed_and_does_not_listen_is_stopped() throws IOException {
    Files.createFile(file("crio"));
    assertThat(file("crio").toFile().setExecutable(true)).isTrue();
    Probe probe = engine.probe(USUAL, answering(new CriSockets.Unreachable("refused")));
    assertThat(probe.state()).isEqualTo(Probe.State.STOPPED);
    assertThat(probe.detail())
        .isEqualTo(
            "%s is installed, but nobody listens on unix://%s (refused): start it (systemctl start"
                + " crio), or say where it listens (--crio-endpoint)",
            file("crio"), file("crio.sock"));
  }

  @Test
  void one_that_is_not_installed_is_absent() {
    Probe probe = engine.probe(USUAL, answering(new CriSockets.Unreachable("no such file")));
    assertThat(probe.state()).isEqualTo(Probe.State.ABSENT);
    assertThat(probe.detail())
        .isEqualTo(
            "no CRI-O was found, and nobody listens on unix://%s (no such file): install it, or"
                + " say where it listens (--crio-endpoint)",
            file("crio.sock"));
  }

  @Test
  void one_that_does_not_answer_is_stopped() {
    Probe probe =
        engine.probe(
            USUAL, answering(new CriSockets.Unanswered("silent for 800 ms", OptionalLong.empty())));
    assertThat(probe.state()).isEqualTo(Probe.State.STOPPED);
    assertThat(probe.detail())
        .isEqualTo(
            "CRI-O on unix://%s does not answer (silent for 800 ms): look into its log (journalctl"
                + " -u crio)",
            file("crio.sock"));
  }

  @Test
  void one_that_serves_no_cri_is_not_cri_o() {
    String why =
        "what listens on unix://%s serves no CRI and so is not CRI-O: say where CRI-O listens"
                .formatted(file("crio.sock"))
            + " (--crio-endpoint)";
    Probe probe =
        engine.probe(
            USUAL,
            answering(
                new CriSockets.WithoutCri(
                    "unknown service runtime.v1.RuntimeService", OptionalLong.empty())));
    assertThat(probe.state()).isEqualTo(Probe.State.UNSUPPORTED);
    assertThat(probe.detail())
        .isEqualTo(why + " (it says: unknown service runtime.v1.RuntimeService)");
    assertThat(connected(USUAL).whyWithoutCri()).isEqualTo(why);
  }

  @Test
  void the_cgroup_driver_is_that_of_the_running_one_whatever_its_files_say() throws IOException {
    Files.writeString(places.configuration(), runtime("systemd"));
    try (ScriptedSocket crio =
        new ScriptedSocket(file("crio.sock"), ScriptedSocket.saying(OK, runtime("cgroupfs")))) {
      assertThat(connected(USUAL).cgroupDriver()).contains(CgroupDriver.CGROUPFS);
      assertThat(crio.requests()).hasSize(1);
    }
  }

  @Test
  void the_cgroup_driver_of_one_that_does_not_run_is_in_its_files() throws IOException {
    assertThat(connected(USUAL).cgroupDriver()).contains(CgroupDriver.SYSTEMD);
    Files.writeString(places.configuration(), runtime("cgroupfs"));
    assertThat(connected(USUAL).cgroupDriver()).contains(CgroupDriver.CGROUPFS);
  }

  @Test
  void the_cgroup_driver_of_one_that_runs_and_does_not_tell_is_not_known() throws IOException {
    Files.writeString(places.configuration(), runtime("cgroupfs"));
    try (ScriptedSocket another =
        new ScriptedSocket(
            file("crio.sock"), ScriptedSocket.saying("HTTP/1.0 404 Not Found\r\n\r\n", ""))) {
      assertThat(connected(USUAL).cgroupDriver()).isEmpty();
      assertThat(another.requests()).hasSize(1);
    }
  }

  @Test
  void the_cgroup_driver_is_not_guessed_from_a_broken_file() throws IOException {
    Files.writeString(places.configuration(), "[crio.runtime\n");
    assertThat(connected(USUAL).cgroupDriver()).isEmpty();
  }

  private static String runtime(String manager) {
    return "[crio.runtime]\ncgroup_manager = \"%s\"\n".formatted(manager);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private EngineConnection.Forwarding connected(EngineConfig config) {
    return (EngineConnection.Forwarding)
        engine.connect(
            config,
            () -> {
              throw new AssertionError("CRI-O needs nothing of the node");
            });
  }

  private static CriSockets served(String... versions) {
    return answering(
        new CriSockets.Served(Set.of(versions), "cri-o", "1.25.5", OptionalLong.empty()));
  }

  private static CriSockets answering(CriSockets.Answer answer) {
    return (endpoint, patience) -> answer;
  }
}
