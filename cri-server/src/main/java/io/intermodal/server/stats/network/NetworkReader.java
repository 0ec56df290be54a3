package io.intermodal.server.stats.network;

import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.server.stats.files.FileText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the counters of network interfaces from {@code /proc/PID/net}, which shows the network
 * namespace of the process.
 */
public final class NetworkReader {
  private static final String DEFAULT_NAME = "eth0";
  private static final String ANYWHERE = "00000000";

  private final Path proc;
  private final Clock clock;

  /**
   * @param proc where procfs is mounted
   */
  public NetworkReader(Path proc, Clock clock) {
    this.proc = proc;
    this.clock = clock;
  }

  /** The interfaces that the process sees; empty when it is gone. */
  public Optional<NetworkReading> read(long pid) {
    if (pid <= 0) {
      return Optional.empty();
    }
    Path net = proc.resolve(pid + "/net");
    FileText text = new FileText();
    try {
      long now = Timestamps.now(clock);
      List<InterfaceCounters> all = interfaces(text.read(net.resolve("dev")));
      Optional<InterfaceCounters> byDefault = byDefault(all, net, text);
      byDefault.ifPresent(all::remove);
      return Optional.of(new NetworkReading(now, byDefault, all));
    } catch (IOException e) {
      // The process ended, and what it was in is no more to be seen through it.
      return Optional.empty();
    }
  }

  /** Two lines of headings, then {@code name: } and 8 numbers each of receiving and sending. */
  private static List<InterfaceCounters> interfaces(FileText text) {
    List<InterfaceCounters> found = new ArrayList<>();
    text.nextLine();
    text.nextLine();
    for (; !text.atEnd(); text.nextLine()) {
      text.passBlanks();
      String name = text.word(':');
      text.passTo(':');
      text.passBlanks();
      long[] numbers = new long[16];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = text.number().orElse(0);
      }
      if (!name.isEmpty() && !name.equals("lo")) {
        found.add(
            new InterfaceCounters(
                name,
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[8],
                numbers[9],
                numbers[10],
                numbers[11]));
      }
    }
    return found;
  }

  private static Optional<InterfaceCounters> byDefault(
      List<InterfaceCounters> all, Path net, FileText text) throws IOException {
    if (all.size() < 2) {
      return all.stream().findFirst();
    }
    String name = routed(text.read(net.resolve("route"))).orElse(DEFAULT_NAME);
    return all.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The interface of the first route to anywhere: {@code eth0 00000000 0102A8C0 ...}. */
  private static Optional<String> routed(FileText text) {
    text.nextLine();
    for (; !text.atEnd(); text.nextLine()) {
      String name = text.word(' ');
      text.passBlanks();
      if (text.word(' ').equals(ANYWHERE)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }
}
