package io.intermodal.tests.engine;

import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A pod network of a node's own with a subnet that the host does not use, addresses from
 * host-local, port mappings, firewall rules. The node's first one has a bridge.
 *
 * @param folder the configurations' folder
 * @param fileName of this one; others may lie beside it
 * @param version of the configuration
 * @param name the network's
 * @param subnet how its addresses begin: {@code 10.213.7.}
 * @param bridge the interface on the host, where there is one
 * @param data host-local's folder: one file for each address handed out
 */
public record CniNetwork(
    Path folder,
    String fileName,
    String version,
    String name,
    String subnet,
    Optional<String> bridge,
    Path data)
    implements AutoCloseable {
  private static final String FIRST = "10-pods.conflist";

  /** Numbers of this run's subnets: the host knows of one only when it has a pod. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  static CniNetwork create(Path folder) {
    return create(folder, "1.0.0");
  }

  /**
   * @param version of the configuration: engines before 2022 do not know the newest
   */
  static CniNetwork create(Path folder, String version) {
    int number = freeNumber();
    String bridge = "im-e2e" + number;
    CniNetwork network =
        new CniNetwork(
            folder.resolve("net.d"),
            FIRST,
            version,
            "pods",
            "10.213.%d.".formatted(number),
            Optional.of(bridge),
            folder.resolve("leases"));
    return network.write(
        "\"type\": \"bridge\", \"bridge\": \"%s\", \"isGateway\": true, \"hairpinMode\": true"
            .formatted(bridge));
  }

  /**
   * Another network beside it, named like its file, whose pods each have a link of their own to the
   * host.
   */
  public CniNetwork beside(String anotherFile) {
    CniNetwork network =
        new CniNetwork(
            folder,
            anotherFile,
            version,
            anotherFile.replaceFirst("\\.conflist$", ""),
            "10.213.%d.".formatted(freeNumber()),
            Optional.empty(),
            data);
    return network.write("\"type\": \"ptp\"");
  }

  private CniNetwork write(String plugin) {
    String text =
        """
        {"cniVersion": "%s", "name": "%s", "plugins": [
          {%s, "ipMasq": true,
           "ipam": {"type": "host-local", "dataDir": "%s",
                    "ranges": [[{"subnet": "%s0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
          {"type": "portmap", "capabilities": {"portMappings": true}},
          {"type": "firewall", "backend": "iptables"}]}
        """
            .formatted(version, name, plugin, data, subnet);
    try {
      Files.createDirectories(folder);
      // Written whole, as installers do: an engine that watches the folder sees no half of it.
      Path written = Files.writeString(folder.resolve(fileName + ".new"), text);
      Files.move(written, file(), StandardCopyOption.ATOMIC_MOVE);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The configuration's file. */
  public Path file() {
    return folder.resolve(fileName);
  }

  /** Whether it has handed out the address and not taken it back. */
  public boolean has(String address) {
    return leases().contains(address);
  }

  private static int freeNumber() {
    while (true) {
      int number = ThreadLocalRandom.current().nextInt(1, 255);
      if (!Command.output("ip", "route").contains("10.213." + number + ".") && GIVEN.add(number)) {
        return number;
      }
    }
  }

  /** The addresses handed out and not given back. */
  public Set<String> leases() {
    Path leases = data.resolve(name);
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
    bridge.ifPresent(link -> Command.run(List.of("ip", "link", "delete", link)));
  }
}
