package io.intermodal.server.network.defaults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The IPv4 routes of this host, without default routes.
 *
 * @param routes each an address and a mask
 */
record HostRoutes(List<Route> routes) {

  /** Network byte order, as an int. */
  record Route(int address, int mask) {}

  HostRoutes {
    routes = List.copyOf(routes);
  }

  static HostRoutes ofThisHost() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/net/route")));
    } catch (IOException e) {
      throw new UncheckedIOException("the host's routes cannot be read", e);
    }
  }

  /** The form of {@code /proc/net/route}: a header, then addresses in hexadecimal, reversed. */
  static HostRoutes parse(List<String> lines) {
    List<Route> routes = new ArrayList<>();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length > 7) {
        int mask = Integer.reverseBytes(Integer.parseUnsignedInt(fields[7], 16));
        if (mask != 0) {
          routes.add(
              new Route(Integer.reverseBytes(Integer.parseUnsignedInt(fields[1], 16)), mask));
        }
      }
    }
    return new HostRoutes(routes);
  }

  /** Whether a route leads into {@code first.second.0.0/16}. */
  boolean overlap(int first, int second) {
    int range = (first << 24) | (second << 16);
    int rangeMask = 0xffff0000;
    return routes.stream()
        .anyMatch(route -> {
          int common = route.mask & rangeMask;
          return (route.address & common) == (range & common);
        });
  }
}
