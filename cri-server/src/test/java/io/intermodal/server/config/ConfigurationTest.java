package io.intermodal.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  @TempDir Path folder;

  @Test
  void every_setting_has_this_flag_variable_key_and_default() {
    assertThat(Settings.ALL)
        .extracting(setting ->
            String.join(
                " ",
                setting.flag(),
                setting.environmentVariable(),
                setting.inFile() ? setting.name() + ":" : "-",
                setting.defaultText()))
        .containsExactly(
            "--config INTERMODAL_CONFIG - /etc/intermodal/config.yaml",
            "--container-runtime INTERMODAL_CONTAINER_RUNTIME container-runtime: auto",
            "--runtime-handlers INTERMODAL_RUNTIME_HANDLERS runtime-handlers: ",
            "--listen INTERMODAL_LISTEN listen: unix:///run/intermodal/intermodal.sock",
            "--docker-endpoint INTERMODAL_DOCKER_ENDPOINT docker-endpoint: ",
            "--containerd-endpoint INTERMODAL_CONTAINERD_ENDPOINT containerd-endpoint: ",
            "--crio-endpoint INTERMODAL_CRIO_ENDPOINT crio-endpoint: ",
            "--strict-forward INTERMODAL_STRICT_FORWARD strict-forward: false",
            "--rkt-command INTERMODAL_RKT_COMMAND rkt-command: ",
            "--state-dir INTERMODAL_STATE_DIR state-dir: /var/lib/intermodal",
            "--cni-conf-dir INTERMODAL_CNI_CONF_DIR cni-conf-dir: /etc/cni/net.d",
            "--cni-bin-dir INTERMODAL_CNI_BIN_DIR cni-bin-dir: /opt/cni/bin:/usr/lib/cni",
            "--pause-image INTERMODAL_PAUSE_IMAGE pause-image: ",
            "--stream-address INTERMODAL_STREAM_ADDRESS stream-address: 127.0.0.1:0",
            "--stream-tls-cert INTERMODAL_STREAM_TLS_CERT stream-tls-cert: ",
            "--stream-tls-key INTERMODAL_STREAM_TLS_KEY stream-tls-key: ",
            "--stream-idle-timeout INTERMODAL_STREAM_IDLE_TIMEOUT stream-idle-timeout: 4h",
            "--stream-creation-timeout INTERMODAL_STREAM_CREATION_TIMEOUT stream-creation-timeout: 30s",
            "--metrics-address INTERMODAL_METRICS_ADDRESS metrics-address: ",
            "--tracing-endpoint INTERMODAL_TRACING_ENDPOINT tracing-endpoint: ",
            "--tracing-sampling-rate-per-million INTERMODAL_TRACING_SAMPLING_RATE_PER_MILLION tracing-sampling-rate-per-million: 0",
            "--log-level INTERMODAL_LOG_LEVEL log-level: info",
            "--log-format INTERMODAL_LOG_FORMAT log-format: text");
  }

  @ParameterizedTest
  @CsvSource({
    "9090,           127.0.0.1, 9090",
    ":9090,          127.0.0.1, 9090",
    "0.0.0.0:9090,   0.0.0.0,   9090",
    "[::1]:0,        ::1,       0",
    "node.local:80,  node.local, 80",
  })
  void metrics_are_for_this_host_alone_unless_another_address_is_named(
      String text, String host, int port) {
    Configuration configuration = Configuration.load(Map.of("metrics-address", text), Map.of());

    assertThat(configuration.get(Settings.METRICS_ADDRESS))
        .contains(InetSocketAddress.createUnresolved(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", ":", "::1", "::1:9090", ":65536", "localhost:"})
  void an_address_without_a_port_is_refused(String text) {
    assertThatThrownBy(() -> Configuration.load(Map.of("metrics-address", text), Map.of()))
        .hasMessageContaining("--metrics-address: \"" + text + "\" (expected: port, host:port");
  }

  @Test
  void every_default_is_accepted_by_its_own_type() {
    Configuration configuration = Configuration.load(Map.of(), Map.of());

    assertThat(configuration.get(Settings.LISTEN))
        .isEqualTo(Path.of("/run/intermodal/intermodal.sock"));
    assertThat(configuration.get(Settings.CNI_BIN_DIR))
        .containsExactly(Path.of("/opt/cni/bin"), Path.of("/usr/lib/cni"));
    assertThat(configuration.get(Settings.DOCKER_ENDPOINT)).isEmpty();
    assertThat(configuration.get(Settings.CONTAINER_RUNTIME)).containsExactly(Settings.AUTO);
  }

  @ParameterizedTest(name = "flag {0}, environment {1}, file {2} give {3} from {4}")
  @CsvSource({
    "/flag, /env, /file, /flag, --state-dir",
    "/flag, /env,      , /flag, --state-dir",
    "/flag,     , /file, /flag, --state-dir",
    "/flag,     ,      , /flag, --state-dir",
    "     , /env, /file, /env , INTERMODAL_STATE_DIR",
    "     , /env,      , /env , INTERMODAL_STATE_DIR",
    "     , ''  , /file, /file, FILE:2",
    "     ,     , /file, /file, FILE:2",
    "     , ''  ,      , /var/lib/intermodal, default",
    "     ,     ,      , /var/lib/intermodal, default",
  })
  void a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(
      @Nullable String flag,
      @Nullable String variable,
      @Nullable String inFile,
      String effective,
      String source)
      throws IOException {
    Path file = file("# settings", inFile == null ? "" : "state-dir: " + inFile);
    Map<String, String> flags = new LinkedHashMap<>(Map.of("config", file.toString()));
    if (flag != null) {
      flags.put("state-dir", flag);
    }
    Map<String, String> environment =
        variable == null ? Map.of() : Map.of("INTERMODAL_STATE_DIR", variable);

    Configuration configuration = Configuration.load(flags, environment);

    assertThat(configuration.get(Settings.STATE_DIR)).isEqualTo(Path.of(effective));
    assertThat(configuration.value(Settings.STATE_DIR).source().describe())
        .isEqualTo(source.replace("FILE", file.toString()));
  }

  @Test
  void a_list_in_the_file_is_several_values() throws IOException {
    Configuration configuration =
        load(file("cni-bin-dir:", "  - /a", "  - /b", "docker-endpoint:", "log-level: debug"));

    assertThat(configuration.get(Settings.CNI_BIN_DIR))
        .containsExactly(Path.of("/a"), Path.of("/b"));
    assertThat(configuration.get(Settings.DOCKER_ENDPOINT)).isEmpty();
    assertThat(configuration.get(Settings.LOG_LEVEL)).isEqualTo("debug");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "{}"})
  void a_file_may_set_nothing(String text) throws IOException {
    assertThat(load(file(text)).value(Settings.LISTEN).source()).isEqualTo(new Source.Default());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "litsen: unix:///x           | :1: litsen: no such setting; did you mean listen?",
        "config: /x                  | :1: config: no such setting",
        "qqqqqqqqqqqqqqqq: 1         | :1: qqqqqqqqqqqqqqqq: no such setting",
        "listen: tcp://1.2.3.4:5     | :1: listen: \"tcp://1.2.3.4:5\" (expected: unix:///absolute/path of at most 99 bytes)",
        "listen: {path: /x}          | :1: listen: expected a plain value or a list of them",
        "cni-bin-dir: [[/x]]         | :1: cni-bin-dir: expected a list of plain values",
        "- listen                    | :1: expected lines of the form \"setting: value\"",
        "'listen: [unclosed'         | :1: ",
        "log-level: verbose          | :1: log-level: \"verbose\" (expected: error, warn, info, debug, trace)",
      })
  void what_is_wrong_in_the_file_is_named_with_its_line(String text, String problem)
      throws IOException {
    Path file = file(text.replace("'", ""));

    assertThatThrownBy(() -> load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + problem);
  }

  @Test
  void a_key_that_is_set_twice_is_named_with_both_lines() throws IOException {
    Path file = file("log-level: info", "log-format: json", "log-level: debug");

    assertThatThrownBy(() -> load(file)).hasMessage(file + ":3: log-level: set already in line 1");
  }

  @Test
  void a_file_that_was_asked_for_must_exist() {
    assertThatThrownBy(() -> load(folder.resolve("none.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(folder.resolve("none.yaml") + ": cannot be read");
  }

  @ParameterizedTest(name = "--{0}={1}")
  @CsvSource({
    "listen, tcp://127.0.0.1:1",
    "listen, /run/x.sock",
    "listen, unix://relative",
    "listen, unix:///",
    "listen, ''",
    "docker-endpoint, tcp://127.0.0.1:2375",
    "state-dir, relative",
    "cni-bin-dir, /a::/b",
    "stream-address, 127.0.0.1",
    "stream-address, 127.0.0.1:70000",
    "stream-idle-timeout, 4",
    "stream-idle-timeout, 0s",
    "stream-creation-timeout, -1s",
    "stream-tls-cert, relative.pem",
    "stream-address, ::1:80",
    "container-runtime, podman",
    "container-runtime, ''",
    "container-runtime, 'docker,'",
    "container-runtime, 'docker,docker'",
    "container-runtime, 'auto,docker'",
    "runtime-handlers, kata",
    "runtime-handlers, kata=podman",
    "runtime-handlers, 'a=docker,a=containerd'",
    "strict-forward, yes",
    "tracing-endpoint, 127.0.0.1:4317",
    "tracing-endpoint, https://127.0.0.1:4317",
    "tracing-endpoint, http://127.0.0.1",
    "tracing-endpoint, http://127.0.0.1:4318/v1/traces",
    "tracing-sampling-rate-per-million, -1",
    "tracing-sampling-rate-per-million, 1000001",
    "tracing-sampling-rate-per-million, 1%",
    "log-format, xml",
  })
  void a_value_that_cannot_be_meant_is_refused_by_flag_and_variable(String name, String value) {
    Setting<?> setting =
        Settings.ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();

    assertThatThrownBy(() -> Configuration.load(Map.of(name, value), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--%s: \"%s\" (expected: ".formatted(name, value));
    if (!value.isEmpty()) {
      assertThatThrownBy(
              () -> Configuration.load(Map.of(), Map.of(setting.environmentVariable(), value)))
          .hasMessageStartingWith(
              "%s: \"%s\" (expected: ".formatted(setting.environmentVariable(), value));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stream-address, '[::1]:0'",
    "stream-idle-timeout, 90m",
    "stream-creation-timeout, 500ms",
    "stream-tls-cert, /etc/intermodal/stream.pem",
    "stream-tls-key, ''",
    "stream-address, node-1:10250",
    "docker-endpoint, unix:///var/run/docker.sock",
    "rkt-command, rkt --dir=/x",
    "container-runtime, rkt",
    "container-runtime, 'docker,containerd,cri-o'",
    "runtime-handlers, 'kata=containerd/kata,old=docker'",
    "strict-forward, true",
    "state-dir, /a/../b",
    "tracing-endpoint, 'http://[::1]:4317'",
    "tracing-sampling-rate-per-million, 1000000",
  })
  void a_value_that_can_be_meant_is_accepted(String name, String value) {
    Configuration configuration = Configuration.load(Map.of(name, value), Map.of());

    assertThat(configuration.value(setting(name)).text()).isEqualTo(value);
  }

  @Test
  void a_socket_path_may_be_99_bytes_long() {
    String longest = "unix:///" + "x".repeat(98);

    assertThat(Configuration.load(Map.of("listen", longest), Map.of()).get(Settings.LISTEN))
        .hasToString(longest.substring("unix://".length()));
    assertThatThrownBy(() -> Configuration.load(Map.of("listen", longest + "x"), Map.of()))
        .hasMessageContaining("at most 99 bytes");
  }

  @Test
  void a_misspelt_variable_is_pointed_out_and_a_foreign_one_is_not() {
    Configuration configuration =
        Configuration.load(
            Map.of(), Map.of("INTERMODAL_LISTE", "x", "INTERMODAL_JAVA_OPTIONS", "y", "PATH", "z"));

    assertThat(configuration.warnings())
        .containsExactly("INTERMODAL_LISTE is ignored; did you mean INTERMODAL_LISTEN?");
  }

  @Test
  void each_engine_of_this_build_is_asked_for_in_a_fixed_order_and_has_its_endpoint() {
    List<String> engines = Settings.engines().stream().map(engine -> engine.name()).toList();

    assertThat(engines).endsWith("containerd", "cri-o", "rkt", "scripted");
    assertThat(engines.stream().filter(name -> !name.equals("scripted")))
        .allSatisfy(name -> assertThat(Settings.endpointOf(name)).isPresent());
  }

  private static Setting<?> setting(String name) {
    return Settings.ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private Path file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), String.join("\n", lines));
  }

  private static Configuration load(Path file) {
    return Configuration.load(Map.of("config", file.toString()), Map.of());
  }

  @Test
  void engines_and_names_of_handlers_may_be_a_list_and_a_map_in_the_file() throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        container-runtime: [docker, containerd]
        runtime-handlers:
          kata: containerd/kata
          old: docker
        """);

    Configuration configuration = Configuration.load(Map.of("config", file.toString()), Map.of());

    assertThat(configuration.get(Settings.CONTAINER_RUNTIME))
        .containsExactly("docker", "containerd");
    assertThat(configuration.get(Settings.RUNTIME_HANDLERS))
        .containsExactly(Map.entry("kata", "containerd/kata"), Map.entry("old", "docker"));
  }
}
