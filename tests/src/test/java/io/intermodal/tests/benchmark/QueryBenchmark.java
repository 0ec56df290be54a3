package io.intermodal.tests.benchmark;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListPodSandboxMetricsRequest;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * How long lists, statuses and statistics take while many containers run ({@code
 * -Dbenchmark.containers}, 100 and 300 by default, five in a pod), and how many requests to the
 * engine they cost.
 */
final class QueryBenchmark {
  private static final int IN_A_POD = 5;

  /** Until the compilers of both sides are done. */
  private static final Duration WARM_UP = Duration.ofSeconds(8);

  private static final int MEASURED = 300;
  private static final double MILLI = 1e6;

  private final Node node;
  private final Cri cri;
  private final List<Pod> pods = new ArrayList<>();
  private final List<Container> containers = new ArrayList<>();

  private QueryBenchmark(Node node, Cri cri) {
    this.node = node;
    this.cri = cri;
  }

  /** Prints a table for each number of containers. */
  static void run(Node node) {
    String sizes = System.getProperty("benchmark.containers", "100,300");
    try (Cri cri = node.session()) {
      QueryBenchmark benchmark = new QueryBenchmark(node, cri);
      for (String size : sizes.split(",", -1)) {
        benchmark.grow(Integer.parseInt(size));
        benchmark.measure();
      }
    }
  }

  private void grow(int size) {
    while (containers.size() < size) {
      if (containers.size() % IN_A_POD == 0) {
        pods.add(cri.runPod());
      }
      containers.add(pods.getLast().startIdle());
    }
  }

  private void measure() {
    System.out.printf(
        "%d pods, %d containers; %d calls each after %d s to warm up%n",
        pods.size(), containers.size(), MEASURED, WARM_UP.toSeconds());
    System.out.printf("%-24s %9s %9s %9s  %s%n", "", "p50 ms", "p95 ms", "p99 ms", "engine calls");
    queries().forEach(this::measure);
  }

  private Map<String, Runnable> queries() {
    var runtime = cri.runtime().withDeadline(null);
    var images = cri.images().withDeadline(null);
    String container = containers.getFirst().id();
    String pod = pods.getFirst().id();
    Map<String, Runnable> queries = new LinkedHashMap<>();
    queries.put(
        "ListContainers", () -> runtime.listContainers(ListContainersRequest.getDefaultInstance()));
    queries.put(
        "ListPodSandbox", () -> runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()));
    queries.put(
        "ContainerStatus",
        () ->
            runtime.containerStatus(
                ContainerStatusRequest.newBuilder().setContainerId(container).build()));
    queries.put(
        "PodSandboxStatus",
        () ->
            runtime.podSandboxStatus(
                PodSandboxStatusRequest.newBuilder().setPodSandboxId(pod).build()));
    queries.put(
        "ListContainerStats",
        () -> runtime.listContainerStats(ListContainerStatsRequest.getDefaultInstance()));
    queries.put(
        "ListPodSandboxStats",
        () -> runtime.listPodSandboxStats(ListPodSandboxStatsRequest.getDefaultInstance()));
    queries.put(
        "ListPodSandboxMetrics",
        () -> runtime.listPodSandboxMetrics(ListPodSandboxMetricsRequest.getDefaultInstance()));
    queries.put("ListImages", () -> images.listImages(ListImagesRequest.getDefaultInstance()));
    queries.put("ImageFsInfo", () -> images.imageFsInfo(ImageFsInfoRequest.getDefaultInstance()));
    return queries;
  }

  private void measure(String name, Runnable query) {
    try {
      warmUp(query);
    } catch (StatusRuntimeException e) {
      System.out.printf("%-24s %s%n", name, e.getStatus().getCode());
      return;
    }
    if (node.ours()) {
      node.proxy().clear();
    }
    long[] times = times(MEASURED, query);
    System.out.printf(
        "%-24s %9.3f %9.3f %9.3f  %s%n",
        name,
        times[times.length / 2] / MILLI,
        times[times.length * 95 / 100] / MILLI,
        times[times.length * 99 / 100] / MILLI,
        engineCalls());
  }

  private static void warmUp(Runnable query) {
    long end = System.nanoTime() + WARM_UP.toNanos();
    while (System.nanoTime() < end) {
      query.run();
    }
  }

  private static long[] times(int count, Runnable query) {
    return LongStream.range(0, count)
        .map(_ -> {
          long start = System.nanoTime();
          query.run();
          return System.nanoTime() - start;
        })
        .sorted()
        .toArray();
  }

  private String engineCalls() {
    if (!node.ours()) {
      return "not counted: the server is not ours";
    }
    return Long.toString(
        node.proxy().requests().stream().filter(r -> !r.path().endsWith("/_ping")).count());
  }
}
