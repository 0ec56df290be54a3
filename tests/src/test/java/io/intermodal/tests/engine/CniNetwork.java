package io.intermodal.tests.engine;

import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A pod network of a node's own: a bridge with a subnet that the host does not use, addresses from
 * host-local, port mappings, firewall rules.
 *
 * @param folder the configuration's folder
 * @param bridge the interface on the host
 * @param data host-local's folder: one file for each address handed out
 */
public record CniNetwork(Path folder, String bridge, Path data) implements AutoCloseable {
  private static final String NAME = "pods";

  static CniNetwork create(Path folder) {
    return create(folder, "1.0.0");
  }

  /**
   * @param version of the configuration: engines before 2022 do not know the newest
   */
  static CniNetwork create(Path folder, String version) {
    int number = freeNumber();
    String bridge = "im-e2e" + number;
    Path data = folder.resolve("leases");
    String text =
        """
        {"cniVersion": "%s", "name": "%s", "plugins": [
          {"type": "bridge", "bridge": "%s", "isGateway": true, "ipMasq": true, "hairpinMode": true,
           "ipam": {"type": "host-local", "dataDir": "%s",
                    "ranges": [[{"subnet": "10.213.%d.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
          {"type": "portmap", "capabilities": {"portMappings": true}},
          {"type": "firewall", "backend": "iptables"}]}
        """
            .formatted(version, NAME, bridge, data, number);
    try {
      Path configuration = Files.createDirectories(folder.resolve("net.d"));
      Files.writeString(configuration.resolve("10-pods.conflist"), text);
      return new CniNetwork(configuration, bridge, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freeNumber() {
    while (true) {
      int number = ThreadLocalRandom.current().nextInt(1, 255);
      if (!Command.output("ip", "route").contains("10.213." + number + ".")) {
        return number;
      }
    }
  }

  /** The addresses handed out and not given back. */
  public Set<String> leases() {
    Path leases = data.resolve(NAME);
    if (!Files.exists(leases)) {
      return Set.of();
    }
    Set<String> addresses = new TreeSet<>();
    try (Stream<Path> files = Files.list(leases)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> Character.isDigit(name.charAt(0)))
          .forEach(addresses::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return addresses;
  }

  @Override
  public void close() {
    var _ = Command.run(List.of("ip", "link", "delete", bridge));
  }
}
