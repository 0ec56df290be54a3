package io.intermodal.server;

import io.intermodal.server.command.CommandLineProgram;
import io.intermodal.server.logging.Logging;
import java.util.Map;

/** The program's entry. */
public final class Intermodal {
  /**
   * Netty keeps an arena of buffers for each core and as much direct memory as the heap is large.
   * Two event loops need no more than this; messages are at most 16 MiB.
   */
  private static final Map<String, String> NETTY =
      Map.of(
          "io.netty.allocator.numDirectArenas", "2",
          "io.netty.allocator.numHeapArenas", "1",
          "io.netty.allocator.useCacheForAllThreads", "false",
          "io.netty.allocator.maxOrder", "7",
          "io.netty.maxDirectMemory", Long.toString(128L << 20));

  private Intermodal() {}

  /** Exits with 0 when all is well, 1 after a failure, 2 when it was not understood. */
  public static void main(String[] arguments) {
    Logging.prepare();
    NETTY.forEach((property, value) -> {
      if (System.getProperty(property) == null) {
        System.setProperty(property, value);
      }
    });
    int code =
        new CommandLineProgram(
                CommandLineProgram.standard(), System.getenv(), System.out, System.err)
            .run(arguments);
    System.exit(code);
  }
}
