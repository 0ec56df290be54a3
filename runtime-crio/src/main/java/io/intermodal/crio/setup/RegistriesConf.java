package io.intermodal.crio.setup;

import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * How images of some registries are got: containers-registries.conf(5) and containers-certs.d(5),
 * which CRI-O's image library reads.
 */
record RegistriesConf(NodeWishes wishes) {
  private static final Path MAIN = Path.of("/etc/containers/registries.conf");
  private static final Path FOLDER = Path.of("/etc/containers/registries.conf.d");
  private static final Path OURS = FOLDER.resolve(DropIn.NAME);
  private static final Path CERTIFICATES = Path.of("/etc/containers/certs.d");

  /** Every file there whose name ends so counts. */
  private static final String CERTIFICATE = "intermodal.crt";

  List<WantedFile> wanted(NodeFiles files) throws SetupException {
    if (wishes.registries().isEmpty()) {
      return List.of();
    }
    String content = content();
    refuseOthers(ConfigFolder.ofRegistries(MAIN, FOLDER, files), Toml.parse(content));
    List<WantedFile> wanted = new ArrayList<>();
    wanted.add(new WantedFile(OURS, content, "how images of these registries are got"));
    for (Registry registry : wishes.registries()) {
      if (registry.authority().isPresent()) {
        wanted.add(certificate(registry, registry.authority().get(), files));
      }
    }
    return wanted;
  }

  private static WantedFile certificate(Registry registry, Path authority, NodeFiles files)
      throws SetupException {
    Optional<String> content;
    try {
      content = files.read(authority);
    } catch (IOException e) {
      throw new SetupException(
          "the authorities that vouch for %s cannot be read (%s): mend that"
              .formatted(registry.host(), e.getMessage()),
          e);
    }
    return new WantedFile(
        CERTIFICATES.resolve(registry.host()).resolve(CERTIFICATE),
        content.orElseThrow(() ->
            new SetupException(
                "there is no %s with the authorities that vouch for %s: put it there"
                    .formatted(authority, registry.host()))),
        "who vouches for " + registry.host());
  }

  private String content() {
    StringBuilder text = new StringBuilder("# Written by Intermodal: how images are got.\n");
    for (Registry registry : wishes.registries()) {
      text.append("\n[[registry]]\n");
      append(text, registry.host(), registry.insecure());
      for (URI mirror : registry.mirrors()) {
        text.append("\n[[registry.mirror]]\n");
        boolean insecure =
            mirror.getScheme().equals("http") || isInsecure(mirror.getRawAuthority());
        append(text, location(mirror), insecure);
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String location, boolean insecure) {
    text.append("location = \"%s\"\n".formatted(Toml.tomlEscape(location)));
    if (insecure) {
      text.append("insecure = true\n");
    }
  }

  /** Without the scheme, and without the API's own part of the path. */
  private static String location(URI mirror) {
    String path = mirror.getRawPath().replaceFirst("^/v2(?=/|$)", "").replaceFirst("/+$", "");
    return mirror.getRawAuthority() + path;
  }

  private boolean isInsecure(String host) {
    return wishes.registries().stream()
        .anyMatch(registry -> registry.host().equals(host) && registry.insecure());
  }

  /** Of two descriptions of one registry only the one that is read later counts, as a whole. */
  private static void refuseOthers(ConfigFolder present, TomlParseResult ours)
      throws SetupException {
    List<TomlTable> wanted = registries(ours);
    for (ConfigFolder.Said file : present.files()) {
      if (file.path().equals(OURS)) {
        continue;
      }
      for (TomlTable other : registries(file.toml())) {
        for (TomlTable registry : wanted) {
          if (prefix(other).equals(prefix(registry)) && !plain(other).equals(plain(registry))) {
            throw new SetupException(
                ("%s describes %s otherwise than is wished: take its [[registry]] out there, or do"
                        + " not wish it")
                    .formatted(file.path(), prefix(other)));
          }
        }
      }
    }
  }

  private static List<TomlTable> registries(TomlParseResult toml) {
    return toml.get("registry") instanceof TomlArray array
        ? array.toList().stream()
            .filter(TomlTable.class::isInstance)
            .map(TomlTable.class::cast)
            .toList()
        : List.of();
  }

  /** As a map, which is the same whatever the order of the keys. */
  private static Object plain(Object value) {
    return switch (value) {
      case TomlTable table -> {
        Map<String, Object> plain = new HashMap<>();
        table.toMap().forEach((key, inner) -> plain.put(key, plain(inner)));
        yield plain;
      }
      case TomlArray array -> array.toList().stream().map(RegistriesConf::plain).toList();
      default -> value;
    };
  }

  /** What the description is for: its location, unless it says otherwise. */
  private static String prefix(TomlTable registry) {
    Object prefix = registry.get("prefix");
    Object named = prefix == null ? registry.get("location") : prefix;
    return named == null ? "" : named.toString();
  }
}
