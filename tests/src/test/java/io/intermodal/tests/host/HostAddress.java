package io.intermodal.tests.host;

import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Where this host is reached from outside of it. */
public final class HostAddress {
  private HostAddress() {}

  /** Its first IPv4 address that is not loopback; the test is skipped on a host without one. */
  public static String first() {
    return Stream.of(Command.output("hostname", "-I").split("\\s+", -1))
        .filter(address -> address.contains("."))
        .findFirst()
        .orElseThrow(() -> new TestAbortedException("this host has no address but loopback"));
  }
}
