package io.intermodal.tests.benchmark;

import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * What it costs that calls go through us to an engine: the same calls to the engine's socket and to
 * ours, in turns, so that whatever else the machine does falls on both. Figures of a machine that
 * is not idle say little: the client, the server and the engine share its processors.
 */
final class ForwardingBenchmark {
  private static final int LIST_BYTES = 78_000;
  private static final int IN_A_POD = 40;
  private static final int CALLERS = 16;

  /** Until the compilers of both sides are done. */
  private static final Duration WARM_UP = Duration.ofSeconds(8);

  private static final int TURNS = 20;
  private static final Duration THROUGHPUT_TURN = Duration.ofSeconds(2);
  private static final int THROUGHPUT_TURNS = 5;
  private static final double MICRO = 1e3;

  private final RawCalls direct;
  private final RawCalls forwarded;

  private ForwardingBenchmark(RawCalls direct, RawCalls forwarded) {
    this.direct = direct;
    this.forwarded = forwarded;
  }

  /** Prints a table; says why when nothing is forwarded on the node. */
  static void run(Node node) {
    Path engine;
    Path ours;
    try {
      engine = node.containerd().socket();
      ours = node.server().socket();
    } catch (TestAbortedException e) {
      System.out.println("nothing is forwarded here: " + e.getMessage());
      return;
    }
    try (Cri cri = node.session();
        RawCalls direct = new RawCalls(engine);
        RawCalls forwarded = new RawCalls(ours)) {
      int containers = fill(cri);
      new ForwardingBenchmark(direct, forwarded).measure(containers, listBytes(cri));
    }
  }

  /** Creates containers until the list of them is as large as it shall be; returns how many. */
  private static int fill(Cri cri) {
    int count = 0;
    List<Pod> pods = new ArrayList<>();
    while (listBytes(cri) < LIST_BYTES) {
      if (count % IN_A_POD == 0) {
        pods.add(cri.runPod());
      }
      var _ = pods.getLast().create(cri.shell("true"));
      count++;
    }
    return count;
  }

  private static int listBytes(Cri cri) {
    return cri.runtime()
        .listContainers(ListContainersRequest.getDefaultInstance())
        .getSerializedSize();
  }

  private void measure(int containers, int bytes) {
    Map<String, String> rpcs = new LinkedHashMap<>();
    rpcs.put("Version", RuntimeServiceGrpc.getVersionMethod().getFullMethodName());
    rpcs.put(
        "ListContainers, %d kB".formatted(bytes / 1000),
        RuntimeServiceGrpc.getListContainersMethod().getFullMethodName());
    System.out.printf(
        "%d containers; %d turns for each side after %d s to warm up, one call in flight; µs%n",
        containers, TURNS, WARM_UP.toSeconds());
    System.out.printf(
        "%-24s %9s %9s %9s %9s %9s %9s%n",
        "", "p50", "p99", "p50 of us", "p99 of us", "added p50", "added p99");
    rpcs.forEach(this::measureLatency);
    System.out.printf(
        "calls in a second with %d callers on one connection, %d turns of %d s for each side%n",
        CALLERS, THROUGHPUT_TURNS, THROUGHPUT_TURN.toSeconds());
    System.out.printf("%-24s %9s %9s %9s%n", "", "direct", "through us", "share");
    rpcs.forEach(this::measureThroughput);
  }

  private void measureLatency(String name, String method) {
    int calls = Math.max(100, warmUp(method, 1) / 20);
    long[] alone = new long[TURNS * calls];
    long[] through = new long[TURNS * calls];
    for (int turn = 0; turn < TURNS; turn++) {
      System.arraycopy(direct.times(method, calls), 0, alone, turn * calls, calls);
      System.arraycopy(forwarded.times(method, calls), 0, through, turn * calls, calls);
    }
    Arrays.sort(alone);
    Arrays.sort(through);
    System.out.printf(
        "%-24s %9.0f %9.0f %9.0f %9.0f %9.0f %9.0f%n",
        name,
        at(alone, 50),
        at(alone, 99),
        at(through, 50),
        at(through, 99),
        at(through, 50) - at(alone, 50),
        at(through, 99) - at(alone, 99));
  }

  private void measureThroughput(String name, String method) {
    var _ = warmUp(method, CALLERS);
    long[] answered = new long[2];
    for (int turn = 0; turn < THROUGHPUT_TURNS; turn++) {
      answered[0] += direct.answered(method, CALLERS, THROUGHPUT_TURN);
      answered[1] += forwarded.answered(method, CALLERS, THROUGHPUT_TURN);
    }
    double seconds = THROUGHPUT_TURNS * (double) THROUGHPUT_TURN.toSeconds();
    System.out.printf(
        "%-24s %9.0f %9.0f %8.0f%%%n",
        name, answered[0] / seconds, answered[1] / seconds, 100.0 * answered[1] / answered[0]);
  }

  /** Returns how many calls one side answered in a second. */
  private int warmUp(String method, int callers) {
    var _ = direct.answered(method, callers, WARM_UP.dividedBy(2));
    long answered = forwarded.answered(method, callers, WARM_UP);
    return (int) (answered / WARM_UP.toSeconds());
  }

  private static double at(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / MICRO;
  }
}
