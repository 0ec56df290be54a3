package io.intermodal.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.CgroupDriver;
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

class ContainerdEngineTest {
  private static final EngineConfig USUAL = new EngineConfig(Optional.empty());

  private final Path folder;
  private final KernelsProcesses kernel;
  private final UsualPlaces places;
  private final ContainerdEngine engine;

  ContainerdEngineTest(@TempDir Path folder) throws IOException {
    this.folder = folder.toRealPath();
    this.kernel = new KernelsProcesses(this.folder.resolve("proc"));
    this.places =
        new UsualPlaces(
            List.of(file("c.sock"), file("k3s/c.sock"), file("k0s/c.sock")),
            List.of(file("bin/containerd")),
            file("config.toml"),
            kernel.folder());
    this.engine = new ContainerdEngine(places);
  }

  @Test
  void is_found_by_its_name() {
    assertThat(ServiceLoader.load(io.intermodal.runtime.ContainerEngine.class))
        .singleElement()
        .satisfies(found -> assertThat(found.name()).isEqualTo("containerd"));
  }

  @Test
  void without_any_socket_the_first_place_is_asked() {
    Probe probe = engine.probe(USUAL, answering(new CriSockets.Unreachable("no such file")));
    assertThat(probe.endpoint()).contains("unix://" + file("c.sock"));
  }

  @Test
  void the_first_socket_that_exists_is_asked() throws IOException {
    Files.createDirectories(file("k0s"));
    Files.createFile(file("k0s/c.sock"));
    assertThat(engine.probe(USUAL, served("v1")).endpoint())
        .contains("unix://" + file("k0s/c.sock"));
    assertThat(connected(USUAL).endpoint()).isEqualTo("unix://" + file("k0s/c.sock"));
  }

  @Test
  void a_configured_socket_is_asked_whatever_exists() throws IOException {
    Files.createFile(file("c.sock"));
    EngineConfig config = new EngineConfig(Optional.of("unix:///elsewhere/c.sock"));
    assertThat(engine.probe(config, served("v1")).endpoint()).contains("unix:///elsewhere/c.sock");
    assertThat(connected(config).endpoint()).isEqualTo("unix:///elsewhere/c.sock");
  }

  @Test
  void dockers_own_containerd_is_no_usual_place() {
    assertThat(UsualPlaces.ofNode().sockets())
        .allSatisfy(socket -> assertThat(new ContainerdSocket(socket).isDockersOwn()).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://127.0.0.1:1", "unix://c.sock", "/run/c.sock", "unix:", ""})
  void what_is_no_unix_socket_cannot_be_meant(String endpoint) {
    EngineConfig config = new EngineConfig(Optional.of(endpoint));
    String refusal = "containerd-endpoint: \"" + endpoint + "\" (expected: unix:///absolute/path)";

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
    Probe probe = engine.probe(USUAL, served("v1alpha2", "v1"));
    assertThat(probe)
        .isEqualTo(
            new Probe(
                Probe.State.RUNNING,
                Optional.of("unix://" + file("c.sock")),
                Optional.of("1.7.24"),
                "CRI v1 and v1alpha2"));
    assertThat(engine.probe(USUAL, served("v1alpha2")).detail()).isEqualTo("CRI v1alpha2");
  }

  @Test
  void another_engine_on_the_socket_is_named() {
    Probe probe =
        engine.probe(
            USUAL,
            answering(new CriSockets.Served(Set.of("v1"), "cri-o", "1.36", OptionalLong.empty())));
    assertThat(probe.detail()).isEqualTo("CRI v1, by an engine that calls itself \"cri-o\"");
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
    install();
    Probe probe = engine.probe(USUAL, answering(new CriSockets.Unreachable("no such file")));
    assertThat(probe.state()).isEqualTo(Probe.State.STOPPED);
    assertThat(probe.version()).isEmpty();
    assertThat(probe.detail())
        .isEqualTo(
            "%s is installed, but nobody listens on unix://%s (no such file): start it (systemctl"
                + " start containerd), or say where it listens (--containerd-endpoint)",
            file("bin/containerd"), file("c.sock"));
  }

  @Test
  void one_that_is_not_installed_is_absent() {
    Probe probe = engine.probe(USUAL, answering(new CriSockets.Unreachable("no such file")));
    assertThat(probe.state()).isEqualTo(Probe.State.ABSENT);
    assertThat(probe.detail())
        .isEqualTo(
            "no containerd was found, and nobody listens on unix://%s (no such file): install it,"
                + " or say where it listens (--containerd-endpoint)",
            file("c.sock"));
  }

  @Test
  void one_that_does_not_answer_is_stopped() {
    Probe probe =
        engine.probe(
            USUAL, answering(new CriSockets.Unanswered("silent for 700 ms", OptionalLong.empty())));
    assertThat(probe.state()).isEqualTo(Probe.State.STOPPED);
    assertThat(probe.detail())
        .isEqualTo(
            "containerd on unix://%s does not answer (silent for 700 ms): look into its log"
                + " (journalctl -u containerd)",
            file("c.sock"));
  }

  @Test
  void one_whose_cri_is_switched_off_is_told_with_the_line() throws IOException {
    Files.writeString(places.configuration(), "\n\ndisabled_plugins = [\"cri\"]\n");
    String cure =
        "containerd on unix://%s serves no CRI: line 3 of %s says disabled_plugins = [\"cri\"]:"
                .formatted(file("c.sock"), places.configuration())
            + " take \"cri\" out of it and restart containerd";

    Probe probe = engine.probe(USUAL, withoutCri(OptionalLong.empty()));
    assertThat(probe.state()).isEqualTo(Probe.State.UNSUPPORTED);
    assertThat(probe.detail()).isEqualTo(cure);
    assertThat(connected(USUAL).whyWithoutCri()).isEqualTo(cure);
  }

  @Test
  void the_configuration_is_that_of_the_process_that_listens() throws IOException {
    Files.writeString(places.configuration(), "version = 2\n");
    Path own = Files.writeString(file("own.toml"), "disabled_plugins = [\"cri\"]\n");
    kernel.listening(77, file("c.sock"), "containerd", "containerd", "-c", own.toString());

    String cure = "line 1 of " + own + " says disabled_plugins = [\"cri\"]";
    assertThat(connected(USUAL).whyWithoutCri()).contains(cure);
    assertThat(engine.probe(USUAL, withoutCri(OptionalLong.empty())).detail()).contains(cure);
    assertThat(engine.probe(USUAL, withoutCri(OptionalLong.of(77))).detail()).contains(cure);
  }

  @Test
  void several_lines_that_switch_it_off_are_all_named() throws IOException {
    Files.writeString(file("more.toml"), "disabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n");
    Files.writeString(
        places.configuration(), "disabled_plugins = [\"cri\"]\nimports = [\"more.toml\"]\n");
    assertThat(connected(USUAL).whyWithoutCri())
        .endsWith(
            ("line 1 of %s says disabled_plugins = [\"cri\"], and line 1 of %s says"
                    + " disabled_plugins = [\"io.containerd.grpc.v1.cri\"]: take \"cri\" and"
                    + " \"io.containerd.grpc.v1.cri\" out of it and restart containerd")
                .formatted(places.configuration(), file("more.toml")));
  }

  @Test
  void where_no_line_switches_it_off_the_log_is_pointed_at() throws IOException {
    assertThat(connected(USUAL).whyWithoutCri())
        .contains(": there is no " + places.configuration() + " to switch it off, so its plugin")
        .contains("journalctl -u containerd");
    Files.writeString(places.configuration(), "version = 2\n");
    assertThat(connected(USUAL).whyWithoutCri())
        .contains(": " + places.configuration() + " does not switch it off, so its plugin failed");
  }

  @Test
  void a_configuration_that_cannot_be_read_is_not_guessed_at() throws IOException {
    Files.writeString(places.configuration(), "[plugins\n");
    assertThat(connected(USUAL).whyWithoutCri())
        .contains("why is not known, since its configuration cannot be read")
        .contains(places.configuration() + " is no TOML");
    assertThat(connected(USUAL).cgroupDriver()).isEmpty();
  }

  @Test
  void dockers_own_containerd_is_recognised_by_its_place() {
    EngineConfig config =
        new EngineConfig(Optional.of("unix:///var/run/docker/containerd/containerd.sock"));
    assertThat(connected(config).whyWithoutCri())
        .isEqualTo(
            "unix:///var/run/docker/containerd/containerd.sock is the containerd that dockerd runs"
                + " for itself, without CRI: use --container-runtime=docker, or a containerd of"
                + " its own");
  }

  @Test
  void dockers_own_containerd_is_recognised_by_the_file_beside_its_socket() throws IOException {
    Path own =
        Files.writeString(
            file("containerd.toml"), "disabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n");
    kernel.listening(77, file("c.sock"), "containerd", "containerd", "--config", own.toString());
    assertThat(connected(USUAL).whyWithoutCri())
        .contains("the containerd that dockerd runs for itself");
  }

  @Test
  void a_program_that_is_not_containerd_is_named() throws IOException {
    kernel.listening(78, file("c.sock"), "buildkitd", "buildkitd");
    assertThat(connected(USUAL).whyWithoutCri())
        .isEqualTo(
            "unix://%s is served by \"buildkitd\", which is not containerd and serves no CRI: say"
                + " where containerd listens (--containerd-endpoint)",
            file("c.sock"));
  }

  @Test
  void the_cgroup_driver_is_that_of_the_process_that_listens() throws IOException {
    Path own =
        Files.writeString(
            file("own.toml"),
            """
            version = 2
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
              SystemdCgroup = true
            """);
    assertThat(connected(USUAL).cgroupDriver()).contains(CgroupDriver.CGROUPFS);
    kernel.listening(77, file("c.sock"), "containerd", "containerd", "--config=" + own);
    assertThat(connected(USUAL).cgroupDriver()).contains(CgroupDriver.SYSTEMD);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private void install() throws IOException {
    Path program = places.programs().getFirst();
    Files.createDirectories(program.resolveSibling(""));
    Files.createFile(program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private EngineConnection.Forwarding connected(EngineConfig config) {
    return (EngineConnection.Forwarding)
        engine.connect(
            config,
            () -> {
              throw new AssertionError("containerd needs nothing of the node");
            });
  }

  private static CriSockets served(String... versions) {
    return answering(
        new CriSockets.Served(Set.of(versions), "containerd", "1.7.24", OptionalLong.empty()));
  }

  private static CriSockets withoutCri(OptionalLong pid) {
    return answering(new CriSockets.WithoutCri("unknown service runtime.v1.RuntimeService", pid));
  }

  private static CriSockets answering(CriSockets.Answer answer) {
    return (endpoint, patience) -> answer;
  }
}
