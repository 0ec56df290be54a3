package io.intermodal.docker.sandbox;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.StopPodSandboxResponse;
import io.intermodal.docker.container.ContainerEnd;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CurrentRpc;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.node.PodNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * StopPodSandbox: kills what still runs in the pod and disconnects its network, both at once, then
 * ends its pause container: plugins undo all that they did only while the pod's network namespace
 * is there. Everything is tried before the first failure is told, and what is done or gone already
 * is a success.
 */
public final class StopPodSandbox {
  private final Index index;
  private final PodNetwork network;
  private final ContainerEnd end;
  private final SingleFlight<String, Boolean> stops = new SingleFlight<>();

  public StopPodSandbox(Index index, PodNetwork network, ContainerEnd end) {
    this.index = index;
    this.network = network;
    this.end = end;
  }

  public StopPodSandboxResponse stop(StopPodSandboxRequest request, Call call) {
    index.awaitContent(call);
    Optional<Sandbox> sandbox = index.sandbox(request.getPodSandboxId());
    String id = sandbox.map(Sandbox::id).orElse(request.getPodSandboxId());
    stops.run(
        id,
        call,
        _ -> {
          stop(id);
          return Boolean.TRUE;
        });
    return StopPodSandboxResponse.getDefaultInstance();
  }

  /** Stops the pod; also frees the network of a pod that the engine has lost. */
  void stop(String id) {
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> network.detach(id));
    for (Container container : index.containersOf(id)) {
      if (container.state() == ContainerState.CONTAINER_RUNNING) {
        steps.add(() -> end.kill(container.id()));
      }
    }
    try {
      allAtOnce(steps);
    } finally {
      if (index.sandbox(id).map(Sandbox::running).orElse(false)) {
        end.stop(id, 0);
      }
    }
  }

  private static void allAtOnce(List<Runnable> steps) {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      steps.forEach(step -> running.add(threads.submit(CurrentRpc.carrying(step))));
    }
    RuntimeException failure = null;
    for (Future<?> step : running) {
      try {
        step.get();
      } catch (ExecutionException e) {
        RuntimeException cause =
            e.getCause() instanceof RuntimeException known
                ? known
                : new IllegalStateException(e.getCause());
        if (failure == null) {
          failure = cause;
        } else {
          failure.addSuppressed(cause);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a pod was stopped", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
