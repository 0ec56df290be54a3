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
import java.util.Locale;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * What it costs that calls go through us to an engine: the same calls to the engine's socket and to
 * ours, in turns, so that whatever else the machine does falls on both; and through a relay that
 * copies bytes, which is the floor of anything in between. Figures of a machine that is not idle
 * say little: the client, the server and the engine share its processors.
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
  private static final String ROW = "%-28s %10s %10s %10s";

  private final RawCalls direct;
  private final RawCalls relayed;
  private final RawCalls forwarded;

  private ForwardingBenchmark(RawCalls direct, RawCalls relayed, RawCalls forwarded) {
    this.direct = direct;
    this.relayed = relayed;
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
        ByteRelay relay = ByteRelay.start(node.folder().resolve("relay.sock"), engine);
        RawCalls direct = new RawCalls(engine);
        RawCalls relayed = new RawCalls(relay.socket());
        RawCalls forwarded = new RawCalls(ours)) {
      int containers = fill(cri);
      new ForwardingBenchmark(direct, relayed, forwarded).measure(containers, listBytes(cri));
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
    System.out.printf(ROW + "%n", "", "direct", "relayed", "through us");
    rpcs.forEach(this::measureLatency);
    System.out.printf(
        "calls in a second with %d callers on one connection, %d turns of %d s for each side%n",
        CALLERS, THROUGHPUT_TURNS, THROUGHPUT_TURN.toSeconds());
    System.out.printf(ROW + "%n", "", "direct", "relayed", "through us");
    rpcs.forEach(this::measureThroughput);
  }

  private List<RawCalls> sides() {
    return List.of(direct, relayed, forwarded);
  }

  private void measureLatency(String name, String method) {
    int calls = Math.max(100, warmUp(method, 1) / 20);
    List<long[]> times = sides().stream().map(_ -> new long[TURNS * calls]).toList();
    for (int turn = 0; turn < TURNS; turn++) {
      for (int side = 0; side < times.size(); side++) {
        System.arraycopy(
            sides().get(side).times(method, calls), 0, times.get(side), turn * calls, calls);
      }
    }
    times.forEach(Arrays::sort);
    for (int percent : new int[] {50, 99}) {
      List<Double> at = times.stream().map(sorted -> at(sorted, percent)).toList();
      System.out.printf(
          ROW + "   added %s, %s%n",
          name + " p" + percent,
          whole(at.get(0)),
          whole(at.get(1)),
          whole(at.get(2)),
          whole(at.get(1) - at.get(0)),
          whole(at.get(2) - at.get(0)));
    }
  }

  private void measureThroughput(String name, String method) {
    var _ = warmUp(method, CALLERS);
    double[] answered = new double[sides().size()];
    for (int turn = 0; turn < THROUGHPUT_TURNS; turn++) {
      for (int side = 0; side < answered.length; side++) {
        answered[side] += sides().get(side).answered(method, CALLERS, THROUGHPUT_TURN);
      }
    }
    double seconds = THROUGHPUT_TURNS * (double) THROUGHPUT_TURN.toSeconds();
    System.out.printf(
        ROW + "   of direct %s %%, %s %%%n",
        name,
        whole(answered[0] / seconds),
        whole(answered[1] / seconds),
        whole(answered[2] / seconds),
        whole(100 * answered[1] / answered[0]),
        whole(100 * answered[2] / answered[0]));
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%.0f", number);
  }

  /** Returns how many calls one side answered in a second. */
  private int warmUp(String method, int callers) {
    var _ = direct.answered(method, callers, WARM_UP.dividedBy(2));
    var _ = relayed.answered(method, callers, WARM_UP.dividedBy(4));
    long answered = forwarded.answered(method, callers, WARM_UP);
    return (int) (answered / WARM_UP.toSeconds());
  }

  private static double at(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / MICRO;
  }
}
