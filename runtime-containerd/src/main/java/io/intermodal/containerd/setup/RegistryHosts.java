package io.intermodal.containerd.setup;

import io.intermodal.containerd.toml.TomlFile;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * A folder for each registry with a {@code hosts.toml} in it (containerd's docs/hosts.md), and the
 * setting that says where these folders are.
 */
final class RegistryHosts {
  private static final String FOLDERS = "/etc/containerd/certs.d";
  private static final String HOSTS = "hosts.toml";
  private static final String CONFIG_PATH = "config_path";
  private static final List<String> HOST = List.of("host");

  private final EditedConfig config;
  private final InstalledContainerd installed;
  private final NodeWishes wishes;
  private final NodeFiles files;

  RegistryHosts(
      EditedConfig config, InstalledContainerd installed, NodeWishes wishes, NodeFiles files) {
    this.config = config;
    this.installed = installed;
    this.wishes = wishes;
    this.files = files;
  }

  /** Sets where the folders are, and tells what must be in them. */
  List<WantedFile> wanted() throws SetupException {
    if (wishes.registries().isEmpty()) {
      return List.of();
    }
    refuseOldForms();
    List<Path> folders = folders();
    List<WantedFile> wanted = new ArrayList<>();
    for (Registry registry : wishes.registries()) {
      wanted.add(hosts(registry, folders));
    }
    return wanted;
  }

  private void refuseOldForms() throws SetupException {
    if (!installed.knowsRegistryFolders()) {
      throw new SetupException(
          ("containerd %s takes no registries from %s, only 1.5 and later ones do: install a later"
                  + " one, or wish no registries and set them by hand")
              .formatted(installed.version(), FOLDERS));
    }
    Optional<List<String>> old = oldForm(config);
    if (old.isPresent()) {
      List<String> key = old.get();
      throw new SetupException(
          ("%s sets registry.%s, beside which containerd takes no hosts.toml: write them as %s/HOST/%s"
                  + " and take the section out")
              .formatted(config.place(key), key.getLast(), FOLDERS, HOSTS));
    }
  }

  /** What excludes {@code config_path}: CRI does not load with both. */
  static Optional<List<String>> oldForm(EditedConfig config) {
    List<String> mirrors = config.keys().registry("mirrors");
    List<String> configs = config.keys().registry("configs");
    if (!config.names(mirrors).isEmpty()) {
      return Optional.of(mirrors);
    }
    return config.names(configs).stream()
            .anyMatch(host -> config.get(CriKeys.below(configs, host, "tls")).isPresent())
        ? Optional.of(configs)
        : Optional.empty();
  }

  private List<Path> folders() throws SetupException {
    List<String> key = config.keys().registry(CONFIG_PATH);
    String said = config.text(key);
    if (!said.isEmpty()) {
      return Stream.of(said.split(":")).map(Path::of).toList();
    }
    boolean byDefault =
        installed.looksIntoRegistryFolders() && config.names(config.keys().registry()).isEmpty();
    if (!byDefault) {
      config.set(key, FOLDERS, "registries are described in " + FOLDERS);
    }
    return List.of(Path.of(FOLDERS));
  }

  private WantedFile hosts(Registry registry, List<Path> folders) throws SetupException {
    try {
      Path folder = folderOf(registry.host(), folders);
      Path path = folder.resolve(HOSTS);
      String wanted = content(registry);
      Optional<String> present = files.read(path);
      if (present.isEmpty()) {
        refuseCertificates(folder);
      } else if (saysTheSame(path, present.get(), wanted)) {
        return new WantedFile(path, present.get(), "how images of " + registry.host() + " are got");
      } else if (!present.get().startsWith(firstLine(wanted))) {
        throw new SetupException(
            "%s is somebody else's and says otherwise: move it away, or make it say\n%s"
                .formatted(path, wanted));
      }
      return new WantedFile(path, wanted, "how images of " + registry.host() + " are got");
    } catch (IOException e) {
      throw new SetupException(
          "how images of %s are got cannot be read (%s): mend that"
              .formatted(registry.host(), e.getMessage()),
          e);
    }
  }

  /**
   * The folder that containerd looks into first of those that are there; else a new one. It takes
   * {@code host_5000_} before {@code host:5000}.
   */
  private Path folderOf(String host, List<Path> folders) throws IOException {
    String escaped = host.replaceFirst(":(\\d+)$", "_$1_");
    for (Path folder : folders) {
      for (String name : List.of(escaped, host)) {
        if (files.names(folder).contains(name)) {
          return folder.resolve(name);
        }
      }
    }
    return folders.getFirst().resolve(host);
  }

  /** Certificates that lie there by themselves count only as long as there is no hosts.toml. */
  private void refuseCertificates(Path folder) throws IOException, SetupException {
    Optional<String> certificate =
        files.names(folder).stream()
            .filter(name -> name.endsWith(".crt") || name.endsWith(".cert"))
            .findFirst();
    if (certificate.isPresent()) {
      throw new SetupException(
          ("%s would count no longer beside a %s: name the authority with the registry, and move it"
                  + " away")
              .formatted(folder.resolve(certificate.get()), HOSTS));
    }
  }

  /** Hosts are asked in the order in which they stand in the file. */
  private static boolean saysTheSame(Path path, String present, String wanted)
      throws SetupException {
    TomlFile there = TomlFile.of(path, present);
    TomlFile ours = TomlFile.of(path, wanted);
    return there.get(List.of()).equals(ours.get(List.of()))
        && there.names(HOST).equals(ours.names(HOST));
  }

  private static String firstLine(String text) {
    return text.substring(0, text.indexOf('\n') + 1);
  }

  private String content(Registry registry) throws IOException, SetupException {
    String own = own(registry.host());
    boolean plain = registry.insecure();
    StringBuilder text =
        new StringBuilder(
            "# Written by Intermodal: how images of %s are got.\n".formatted(registry.host()));
    text.append("server = \"%s%s\"\n".formatted(plain ? "http://" : "https://", own));
    SequencedSet<String> hosts = new LinkedHashSet<>();
    for (var mirror : registry.mirrors()) {
      hosts.add(host(RegistryMirror.of(mirror), registryOf(mirror.getRawAuthority())));
    }
    // containerd 1 skips a file that names no host, and takes what is said of one only there.
    if (hosts.isEmpty() || plain || registry.authority().isPresent()) {
      hosts.add(host(new RegistryMirror("https://" + own, false), Optional.of(registry)));
    }
    hosts.forEach(text::append);
    return text.toString();
  }

  /** The name by which Docker's own registry is reached differs from that in image names. */
  private static String own(String host) {
    return host.equals("docker.io") ? "registry-1.docker.io" : host;
  }

  private Optional<Registry> registryOf(String host) {
    return wishes.registries().stream().filter(known -> known.host().equals(host)).findFirst();
  }

  private String host(RegistryMirror mirror, Optional<Registry> known)
      throws IOException, SetupException {
    StringBuilder text =
        new StringBuilder(
            "\n[host.\"%s\"]\n  capabilities = [\"pull\", \"resolve\"]\n".formatted(mirror.url()));
    if (mirror.overridesPath()) {
      text.append("  override_path = true\n");
    }
    if (mirror.url().startsWith("https:") && known.isPresent()) {
      if (known.get().insecure()) {
        text.append("  skip_verify = true\n");
      }
      if (known.get().authority().isPresent()) {
        Path authority = known.get().authority().get();
        if (files.read(authority).isEmpty()) {
          throw new SetupException(
              "there is no %s with the authorities that vouch for %s: put it there"
                  .formatted(authority, known.get().host()));
        }
        text.append("  ca = \"%s\"\n".formatted(authority));
      }
    }
    return text.toString();
  }
}
