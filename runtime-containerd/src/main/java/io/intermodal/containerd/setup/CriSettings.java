package io.intermodal.containerd.setup;

import static io.intermodal.containerd.setup.CriKeys.below;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.Finding.Severity;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeWishes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** What CRI must be set to, and is not. What equals containerd's default need not be said. */
final class CriSettings {
  private static final String RUNC_2 = "io.containerd.runc.v2";
  private static final String BEFORE_OPTIONS = "io.containerd.runtime.v1.linux";

  /** The types that runc's options belong to. */
  private static final Set<String> RUNC = Set.of(RUNC_2, "io.containerd.runc.v1");

  /** In every version. */
  private static final String DEFAULT_RUNTIME = "runc";

  private static final Path DEFAULT_NETWORK_FOLDER = Path.of("/etc/cni/net.d");

  private static final String SAME_DRIVER =
      "Kubernetes and containerd must use the same cgroup driver";

  private final EditedConfig config;
  private final CriKeys keys;
  private final InstalledContainerd installed;
  private final NodeWishes wishes;
  private final NodeFiles files;
  private final List<Difference> differences = new ArrayList<>();

  private CriSettings(
      EditedConfig config, InstalledContainerd installed, NodeWishes wishes, NodeFiles files) {
    this.config = config;
    this.keys = config.keys();
    this.installed = installed;
    this.wishes = wishes;
    this.files = files;
  }

  static List<Difference> differences(
      EditedConfig config, InstalledContainerd installed, NodeWishes wishes, NodeFiles files) {
    CriSettings settings = new CriSettings(config, installed, wishes, files);
    settings.oomScores();
    settings.sandboxImage();
    settings.pluginFolders();
    settings.networkFolder();
    settings.cgroupDriver();
    return settings.differences;
  }

  private void want(List<String> key, Object value, String reason, Optional<Severity> severity) {
    boolean wanted = differences.stream().anyMatch(other -> other.key().equals(key));
    if (!wanted && config.get(key).filter(value::equals).isEmpty()) {
      differences.add(new Difference(key, value, reason, severity));
    }
  }

  private void oomScores() {
    if (wishes.clampOomScores()) {
      want(
          keys.clampOomScores(),
          true,
          "this host forbids to lower oom_score_adj, without which runc starts no sandbox",
          Optional.of(Severity.BROKEN));
    }
  }

  private void sandboxImage() {
    wishes
        .sandboxImage()
        .ifPresent(image ->
            want(keys.sandboxImage(), image, "sandboxes are made from " + image, Optional.empty()));
  }

  private void pluginFolders() {
    if (wishes.pluginFolders().isEmpty()) {
      return;
    }
    String reason = "CNI's plugins are in another folder";
    if (keys.inTwoParts() && installed.knowsPluginFolders()) {
      // Both at a time are refused.
      if (!config.text(keys.pluginFolder()).isEmpty()) {
        want(keys.pluginFolder(), "", reason, Optional.empty());
      }
      want(
          keys.pluginFolders(),
          wishes.pluginFolders().stream().map(Path::toString).toList(),
          reason,
          doubtfulIfSaid(keys.pluginFolders()));
    } else {
      want(keys.pluginFolder(), onlyFolder(), reason, doubtfulIfSaid(keys.pluginFolder()));
    }
  }

  /** The default is the distribution's, so what is not said may be right. */
  private Optional<Severity> doubtfulIfSaid(List<String> key) {
    return config.get(key).map(any -> Severity.DOUBTFUL);
  }

  /** One folder is all that there can be: the first with plugins in it. */
  private String onlyFolder() {
    return wishes.pluginFolders().stream()
        .filter(folder -> files.executable(folder.resolve("loopback")))
        .findFirst()
        .orElse(wishes.pluginFolders().getFirst())
        .toString();
  }

  private void networkFolder() {
    boolean unsaid = config.text(keys.networkFolder()).isEmpty();
    if (!unsaid || !wishes.networkFolder().equals(DEFAULT_NETWORK_FOLDER)) {
      want(
          keys.networkFolder(),
          wishes.networkFolder().toString(),
          "CNI's networks are described in " + wishes.networkFolder(),
          Optional.of(Severity.DOUBTFUL));
    }
  }

  private boolean systemd() {
    return wishes.cgroupDriver() == CgroupDriver.SYSTEMD;
  }

  /** All runtimes alike: a kubelet asks for one driver, whatever a pod runs with. */
  private void cgroupDriver() {
    String standard = defaultRuntime();
    SortedSet<String> names = config.names(keys.runtimes());
    if (!names.isEmpty() && installed.replacesSections()) {
      builtInRuntime(standard);
    }
    names.add(standard);
    for (String name : names) {
      List<String> runtime = below(keys.runtimes(), name);
      String type = config.text(below(runtime, "runtime_type"));
      boolean untyped = type.isEmpty() && (name.equals(standard) || name.equals(DEFAULT_RUNTIME));
      if (untyped || RUNC.contains(type)) {
        driverOf(runtime, untyped);
      }
    }
    for (List<String> runtime : keys.unnamedRuntimes()) {
      if (RUNC.contains(config.text(below(runtime, "runtime_type")))) {
        driverOf(runtime, false);
      }
    }
    beforeOptions(config.text(below(below(keys.runtimes(), standard), "runtime_type")));
  }

  /**
   * Up to 1.7 a table of runtimes replaces the built-in one as a whole, its type too; without it
   * CRI does not load.
   */
  private void builtInRuntime(String standard) {
    List<String> type = below(keys.runtimes(), DEFAULT_RUNTIME, "runtime_type");
    boolean unnamed =
        keys.unnamedRuntimes().stream()
            .anyMatch(runtime -> !config.text(below(runtime, "runtime_type")).isEmpty());
    if (standard.equals(DEFAULT_RUNTIME) && !unnamed && config.text(type).isEmpty()) {
      want(
          type,
          RUNC_2,
          "containerd 1 forgets its built-in runc where runtimes are described",
          Optional.of(Severity.BROKEN));
    }
  }

  private String defaultRuntime() {
    String name = config.text(keys.defaultRuntimeName());
    return name.isEmpty() ? DEFAULT_RUNTIME : name;
  }

  private void driverOf(List<String> runtime, boolean untyped) {
    List<String> options = below(runtime, "options");
    // containerd does not care for upper and lower case in its name.
    String name =
        config.names(options).stream()
            .filter(key -> key.toLowerCase(Locale.ROOT).equals("systemdcgroup"))
            .findFirst()
            .orElse("SystemdCgroup");
    List<String> key = below(options, name);
    boolean current = config.get(key).filter(Boolean.TRUE::equals).isPresent();
    if (current == systemd()) {
      return;
    }
    if (untyped) {
      // See builtInRuntime: the table that we add would do that, too.
      want(below(runtime, "runtime_type"), RUNC_2, SAME_DRIVER, Optional.empty());
    }
    want(key, systemd(), SAME_DRIVER, Optional.of(Severity.DOUBTFUL));
  }

  /** The one switch of old is for the one runtime of old; with another, CRI does not load. */
  private void beforeOptions(String type) {
    if (keys.inTwoParts()) {
      return;
    }
    boolean wanted = systemd() && type.equals(BEFORE_OPTIONS);
    boolean current = config.get(keys.systemdCgroup()).filter(Boolean.TRUE::equals).isPresent();
    if (current != wanted) {
      want(keys.systemdCgroup(), wanted, SAME_DRIVER, Optional.of(Severity.DOUBTFUL));
    }
  }
}
