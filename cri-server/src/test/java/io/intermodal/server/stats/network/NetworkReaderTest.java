package io.intermodal.server.stats.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkReaderTest {
  private static final String HEADINGS =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
      """;
  private static final String LO =
      "    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0\n";
  private static final String ETH0 =
      "  eth0: 5000000000    11    2    3    0     0          0         0     4000      44    5    6    0     0       0          0\n";
  private static final String NET1 =
      "  net1:       7       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n";

  @TempDir Path proc;

  private void write(String file, String content) throws IOException {
    Path path = proc.resolve("42/net").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private NetworkReading read() {
    return new NetworkReader(proc, Clock.systemUTC()).read(42).orElseThrow();
  }

  @Test
  void the_only_interface_but_lo_is_the_default_one() throws IOException {
    write("dev", HEADINGS + LO + ETH0);
    NetworkReading reading = read();
    assertThat(reading.defaultInterface())
        .contains(new InterfaceCounters("eth0", 5000000000L, 11, 2, 3, 4000, 44, 5, 6));
    assertThat(reading.others()).isEmpty();
  }

  @Test
  void of_several_the_one_with_the_default_route_is() throws IOException {
    write("dev", HEADINGS + LO + ETH0 + NET1);
    write(
        "route",
        """
        Iface\tDestination\tGateway\tFlags
        eth0\t0000F40A\t00000000\t0001
        net1\t00000000\t0100F40A\t0003
        """);
    NetworkReading reading = read();
    assertThat(reading.defaultInterface().orElseThrow().name()).isEqualTo("net1");
    assertThat(reading.others()).extracting(InterfaceCounters::name).containsExactly("eth0");
  }

  @Test
  void without_a_default_route_it_is_eth0() throws IOException {
    write("dev", HEADINGS + NET1 + ETH0);
    write("route", "Iface\tDestination\tGateway\tFlags\n");
    assertThat(read().defaultInterface().orElseThrow().name()).isEqualTo("eth0");
  }

  @Test
  void a_process_that_is_gone_has_no_interfaces() {
    assertThat(new NetworkReader(proc, Clock.systemUTC()).read(43)).isEmpty();
    assertThat(new NetworkReader(proc, Clock.systemUTC()).read(0)).isEmpty();
  }
}
