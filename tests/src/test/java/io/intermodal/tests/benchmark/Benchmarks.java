package io.intermodal.tests.benchmark;

import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.Engines;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.HostProcess;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the benchmarks that {@code -Dbenchmark} names, on every engine of the host, or on the socket
 * of {@code -Dcri.endpoint} whose server is the process {@code -Dcri.pid}.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /** Prints what it finds. */
  private interface Benchmark {
    void run(Node node) throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    String[] wanted = System.getProperty("benchmark", "sessions,queries").split(",", -1);
    Map<String, Benchmark> benchmarks = new LinkedHashMap<>();
    for (String name : wanted) {
      benchmarks.put(name, named(name));
    }
    try (Engines engines = Engines.ofThisHost()) {
      for (Engine engine : engines.measured()) {
        for (Map.Entry<String, Benchmark> benchmark : benchmarks.entrySet()) {
          System.out.printf("%n%s: %s%n", engine.name(), benchmark.getKey());
          benchmark.getValue().run(engine.node());
        }
      }
    }
  }

  private static Benchmark named(String name) {
    return switch (name) {
      case "sessions" -> StreamingBenchmark::run;
      case "queries" -> QueryBenchmark::run;
      case "churn" -> ChurnBenchmark::run;
      case "forwarding" -> ForwardingBenchmark::run;
      default ->
          throw new IllegalArgumentException(
              "-Dbenchmark: %s (expected: sessions, queries, churn or forwarding)".formatted(name));
    };
  }

  /** The process whose memory is looked at; empty when it is not known. */
  static Optional<HostProcess> server(Node node) {
    return node.serverProcess()
        .or(() -> Optional.ofNullable(Long.getLong("cri.pid")).map(HostProcess::new));
  }
}
