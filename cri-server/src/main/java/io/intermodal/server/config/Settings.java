package io.intermodal.server.config;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.EngineConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Every setting of the program, declared once. */
public final class Settings {
  static final String ENVIRONMENT_PREFIX = "INTERMODAL_";

  /** The word for "whichever engine runs here". */
  public static final String AUTO = "auto";

  /** The order in which engines are looked for; engines that are not named here come last. */
  private static final List<String> ENGINE_ORDER = List.of("docker", "containerd", "cri-o", "rkt");

  public static final Setting<Path> CONFIG =
      new Setting<>(
          "config",
          ValueType.absolutePath(),
          "FILE",
          "/etc/intermodal/config.yaml",
          "The file of settings, in YAML; the default one need not exist.",
          false);

  public static final Setting<List<String>> CONTAINER_RUNTIME =
      setting(
          "container-runtime",
          ValueType.wordOrSomeOf(AUTO, Settings::engineNames),
          "ENGINES",
          AUTO,
          "The container engines to serve, the default one first; auto takes the first one that runs.");

  public static final Setting<Map<String, String>> RUNTIME_HANDLERS =
      setting(
          "runtime-handlers",
          ValueType.handlerNames(Settings::engineNames),
          "NAME=ENGINE[/HANDLER],…",
          "",
          "Names that RuntimeClasses may use beside docker, containerd, containerd/HANDLER and so on.");

  public static final Setting<Path> LISTEN =
      setting(
          "listen",
          ValueType.listenAddress(),
          "URL",
          "unix:///run/intermodal/intermodal.sock",
          "The Unix socket on which CRI is served.");

  public static final Setting<Optional<String>> DOCKER_ENDPOINT =
      setting(
          "docker-endpoint",
          ValueType.optional(ValueType.socketAddress()),
          "URL",
          "",
          "The socket of dockerd; its usual places if empty.");

  public static final Setting<Optional<String>> CONTAINERD_ENDPOINT =
      setting(
          "containerd-endpoint",
          ValueType.optional(ValueType.socketAddress()),
          "URL",
          "",
          "The socket of containerd; its usual places if empty.");

  public static final Setting<Optional<String>> CRIO_ENDPOINT =
      setting(
          "crio-endpoint",
          ValueType.optional(ValueType.socketAddress()),
          "URL",
          "",
          "The socket of CRI-O; its usual places if empty.");

  public static final Setting<Boolean> STRICT_FORWARD =
      setting(
          "strict-forward",
          ValueType.yesOrNo(),
          "true|false",
          "false",
          "Whether callers hear only what containerd and CRI-O say, without what those lack.");

  public static final Setting<Optional<String>> RKT_COMMAND =
      setting(
          "rkt-command",
          ValueType.optional(ValueType.text("a command line")),
          "COMMAND",
          "",
          "The rkt command with its global options; rkt from the PATH if empty.");

  public static final Setting<Path> STATE_DIR =
      setting(
          "state-dir",
          ValueType.absolutePath(),
          "DIR",
          "/var/lib/intermodal",
          "The folder of the few files that must outlive a restart.");

  public static final Setting<Path> CNI_CONF_DIR =
      setting(
          "cni-conf-dir",
          ValueType.absolutePath(),
          "DIR",
          "/etc/cni/net.d",
          "The folder of CNI network configurations; the first in name order is used.");

  public static final Setting<List<Path>> CNI_BIN_DIR =
      setting(
          "cni-bin-dir",
          ValueType.absolutePaths(),
          "DIRS",
          "/opt/cni/bin:/usr/lib/cni",
          "The folders of CNI plugins, searched in order.");

  public static final Setting<Optional<String>> PAUSE_IMAGE =
      setting(
          "pause-image",
          ValueType.optional(ValueType.text("an image reference")),
          "IMAGE",
          "",
          "The image that holds a pod's namespaces open; the built-in one if empty.");

  public static final Setting<String> STREAM_ADDRESS =
      setting(
          "stream-address",
          ValueType.hostAndPort(),
          "ADDRESS",
          "127.0.0.1:0",
          "Where exec, attach and port-forward are served; port 0 takes a free one.");

  public static final Setting<Optional<Path>> STREAM_TLS_CERT =
      setting(
          "stream-tls-cert",
          ValueType.optional(ValueType.absolutePath()),
          "FILE",
          "",
          "The certificate of that server in PEM, read anew when it changes; plain HTTP if empty.");

  public static final Setting<Optional<Path>> STREAM_TLS_KEY =
      setting(
          "stream-tls-key",
          ValueType.optional(ValueType.absolutePath()),
          "FILE",
          "",
          "The key of that certificate, as PKCS #8 in PEM and without a password.");

  public static final Setting<Duration> STREAM_IDLE_TIMEOUT =
      setting(
          "stream-idle-timeout",
          ValueType.duration(),
          "TIME",
          "4h",
          "How long a session may be silent before it is cut off.");

  public static final Setting<Duration> STREAM_CREATION_TIMEOUT =
      setting(
          "stream-creation-timeout",
          ValueType.duration(),
          "TIME",
          "30s",
          "How long a client may take to open the streams of its session.");

  public static final Setting<Optional<InetSocketAddress>> METRICS_ADDRESS =
      setting(
          "metrics-address",
          ValueType.optional(ValueType.addressOnLoopback()),
          "ADDRESS",
          "",
          "Where /metrics, /healthz and /readyz are served; a port alone is one of 127.0.0.1; nowhere if empty.");

  public static final Setting<Optional<InetSocketAddress>> TRACING_ENDPOINT =
      setting(
          "tracing-endpoint",
          ValueType.optional(ValueType.plainHttp()),
          "URL",
          "",
          "The OpenTelemetry collector that is sent a span for each request, over gRPC; none if empty.");

  public static final Setting<Integer> TRACING_SAMPLING_RATE_PER_MILLION =
      setting(
          "tracing-sampling-rate-per-million",
          ValueType.wholeNumber(0, 1_000_000),
          "NUMBER",
          "0",
          "How many of a million requests are traced whose caller does not say whether to.");

  public static final Setting<String> LOG_LEVEL =
      setting(
          "log-level",
          ValueType.oneOf(() -> List.of("error", "warn", "info", "debug", "trace")),
          "LEVEL",
          "info",
          "The least important messages to log; debug logs a line for each request.");

  public static final Setting<String> LOG_FORMAT =
      setting(
          "log-format",
          ValueType.oneOf(() -> List.of("text", "json")),
          "FORMAT",
          "text",
          "How log lines look: key=value pairs or JSON.");

  /** All of them, in the order in which they are shown. */
  public static final List<Setting<?>> ALL =
      List.of(
          CONFIG,
          CONTAINER_RUNTIME,
          RUNTIME_HANDLERS,
          LISTEN,
          DOCKER_ENDPOINT,
          CONTAINERD_ENDPOINT,
          CRIO_ENDPOINT,
          STRICT_FORWARD,
          RKT_COMMAND,
          STATE_DIR,
          CNI_CONF_DIR,
          CNI_BIN_DIR,
          PAUSE_IMAGE,
          STREAM_ADDRESS,
          STREAM_TLS_CERT,
          STREAM_TLS_KEY,
          STREAM_IDLE_TIMEOUT,
          STREAM_CREATION_TIMEOUT,
          METRICS_ADDRESS,
          TRACING_ENDPOINT,
          TRACING_SAMPLING_RATE_PER_MILLION,
          LOG_LEVEL,
          LOG_FORMAT);

  private static final Map<String, Setting<Optional<String>>> ENDPOINTS =
      Map.of(
          "docker", DOCKER_ENDPOINT,
          "containerd", CONTAINERD_ENDPOINT,
          "cri-o", CRIO_ENDPOINT,
          "rkt", RKT_COMMAND);

  private Settings() {}

  /** The engines of this build, in the order in which {@link #AUTO} looks for them. */
  public static List<ContainerEngine> engines() {
    return ServiceLoader.load(ContainerEngine.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(Settings::rank).thenComparing(ContainerEngine::name))
        .toList();
  }

  /** The setting that says where an engine is; empty for an engine that has none. */
  public static Optional<Setting<Optional<String>>> endpointOf(String engine) {
    return Optional.ofNullable(ENDPOINTS.get(engine));
  }

  /** Where an engine is. */
  public static EngineConfig configOf(ContainerEngine engine, Configuration configuration) {
    return new EngineConfig(endpointOf(engine.name()).flatMap(configuration::get));
  }

  private static List<String> engineNames() {
    return engines().stream().map(ContainerEngine::name).toList();
  }

  private static int rank(ContainerEngine engine) {
    int place = ENGINE_ORDER.indexOf(engine.name());
    return place < 0 ? ENGINE_ORDER.size() : place;
  }

  private static <T> Setting<T> setting(
      String name, ValueType<T> type, String placeholder, String defaultText, String description) {
    return new Setting<>(name, type, placeholder, defaultText, description, true);
  }
}
