package io.intermodal.server.setup.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What was asked for beyond the settings, as it was typed: by the name of the option, all its
 * values. So it can be kept, and a later command need not be given it again.
 */
public final class NodeOptions {
  /** The engines, the default one first. */
  public static final String ENGINES = "container-runtime";

  /** {@code systemd}, {@code cgroupfs} or {@code auto}. */
  public static final String CGROUP_DRIVER = "cgroup-driver";

  /** {@code auto} keeps networks that are there; {@code own} moves them aside. */
  public static final String NETWORK = "network";

  /** The pods' addresses: one range, or one of each family. */
  public static final String POD_CIDR = "pod-cidr";

  /** Addresses of the cluster's DNS servers. */
  public static final String CLUSTER_DNS = "cluster-dns";

  /** The cluster's domain. */
  public static final String CLUSTER_DOMAIN = "cluster-domain";

  /** {@code HOST=URL}: a mirror of a registry. */
  public static final String REGISTRY_MIRROR = "registry-mirror";

  /** {@code HOST}: a registry without TLS, or without a known certificate. */
  public static final String INSECURE_REGISTRY = "insecure-registry";

  /** {@code HOST=FILE}: the certificate authority of a registry. */
  public static final String REGISTRY_CA = "registry-ca";

  /** All of them. */
  public static final List<String> NAMES =
      List.of(
          ENGINES,
          CGROUP_DRIVER,
          NETWORK,
          POD_CIDR,
          CLUSTER_DNS,
          CLUSTER_DOMAIN,
          REGISTRY_MIRROR,
          INSECURE_REGISTRY,
          REGISTRY_CA);

  private static final String AUTO = "auto";
  private static final String OWN = "own";

  private final Map<String, List<String>> given;

  /**
   * @param given values by the names of the options
   */
  public NodeOptions(Map<String, List<String>> given) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    given.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    this.given = copy;
  }

  /** These, and those of earlier that are not among them. */
  public NodeOptions over(NodeOptions earlier) {
    Map<String, List<String>> both = new LinkedHashMap<>(earlier.given);
    both.putAll(given);
    return new NodeOptions(both);
  }

  /** The same with other engines. */
  public NodeOptions withEngines(List<String> engines) {
    return new NodeOptions(Map.of(ENGINES, engines)).over(this);
  }

  /** The engines by name, the default one first; empty when it is left to us. */
  public List<String> engines() {
    List<String> names = items(ENGINES);
    return names.equals(List.of(AUTO)) ? List.of() : names;
  }

  /** The cgroup driver; empty when it is left to us. */
  Optional<CgroupDriver> cgroupDriver() throws SetupException {
    String word = one(CGROUP_DRIVER).orElse(AUTO);
    return switch (word) {
      case AUTO -> Optional.empty();
      case "systemd" -> Optional.of(CgroupDriver.SYSTEMD);
      case "cgroupfs" -> Optional.of(CgroupDriver.CGROUPFS);
      default -> throw refused(CGROUP_DRIVER, word, "auto, systemd or cgroupfs");
    };
  }

  /** Whether our own network is used even where there are others. */
  boolean ownNetwork() throws SetupException {
    String word = one(NETWORK).orElse(AUTO);
    return switch (word) {
      case AUTO -> false;
      case OWN -> true;
      default -> throw refused(NETWORK, word, "auto or own");
    };
  }

  List<String> podRanges() {
    return items(POD_CIDR);
  }

  List<String> clusterDns() {
    return items(CLUSTER_DNS);
  }

  Optional<String> clusterDomain() {
    return one(CLUSTER_DOMAIN);
  }

  /** The registries that something is said about, in order of their names. */
  List<Registry> registries() throws SetupException {
    Map<String, List<URI>> mirrors = new LinkedHashMap<>();
    for (String value : all(REGISTRY_MIRROR)) {
      String[] pair = pair(REGISTRY_MIRROR, value, "HOST=URL");
      try {
        URI url = URI.create(pair[1]);
        if (!Set.of("http", "https").contains(String.valueOf(url.getScheme()))
            || url.getHost() == null) {
          throw new IllegalArgumentException(pair[1]);
        }
        mirrors.computeIfAbsent(pair[0], _ -> new ArrayList<>()).add(url);
      } catch (IllegalArgumentException e) {
        throw refused(REGISTRY_MIRROR, value, "HOST=http://… or HOST=https://…");
      }
    }
    Map<String, Path> authorities = new LinkedHashMap<>();
    for (String value : all(REGISTRY_CA)) {
      String[] pair = pair(REGISTRY_CA, value, "HOST=FILE");
      authorities.put(pair[0], Path.of(pair[1]).toAbsolutePath().normalize());
    }
    List<String> insecure = all(INSECURE_REGISTRY);
    Set<String> hosts = new TreeSet<>(mirrors.keySet());
    hosts.addAll(authorities.keySet());
    hosts.addAll(insecure);
    return hosts.stream()
        .map(host ->
            new Registry(
                host,
                mirrors.getOrDefault(host, List.of()),
                insecure.contains(host),
                Optional.ofNullable(authorities.get(host))))
        .toList();
  }

  private static String[] pair(String option, String value, String form) throws SetupException {
    String[] pair = value.split("=", 2);
    if (pair.length < 2 || pair[0].isBlank() || pair[1].isBlank()) {
      throw refused(option, value, form);
    }
    return pair;
  }

  private static SetupException refused(String option, String value, String expected) {
    return new SetupException("--%s: \"%s\" (expected: %s)".formatted(option, value, expected));
  }

  private Optional<String> one(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  /** Of an option that takes several values in one. */
  private List<String> items(String name) {
    return all(name).stream().flatMap(value -> Stream.of(value.split(",", -1))).toList();
  }

  private List<String> all(String name) {
    return given.getOrDefault(name, List.of());
  }

  /** As JSON, for keeping. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    given.forEach((name, values) -> {
      JsonArray array = new JsonArray();
      values.forEach(array::add);
      json.add(name, array);
    });
    return json;
  }

  /** What was kept. */
  public static NodeOptions of(JsonObject json) {
    Map<String, List<String>> given = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> option : json.entrySet()) {
      given.put(
          option.getKey(),
          option.getValue().getAsJsonArray().asList().stream()
              .map(JsonElement::getAsString)
              .toList());
    }
    return new NodeOptions(given);
  }
}
