package io.intermodal.rkt.sandbox;

import io.intermodal.rkt.answer.PodAnswer;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.IndexFeed;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.NodeServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends and removes pods. What has ended or is gone already is a success. When a method returns, the
 * index shows the result.
 */
public final class SandboxEnd {
  private static final Logger log = LoggerFactory.getLogger(SandboxEnd.class);
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(30);
  private static final Duration NOTED_WITHIN = Duration.ofSeconds(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final int REMOVAL_ATTEMPTS = 50;
  private static final Path PROPAGATED = Path.of("/run/systemd/nspawn/propagate");

  private final Rkt rkt;
  private final Index index;
  private final IndexFeed feed;
  private final NodeServices node;

  public SandboxEnd(Rkt rkt, Index index, IndexFeed feed, NodeServices node) {
    this.rkt = rkt;
    this.index = index;
    this.feed = feed;
    this.node = node;
  }

  /**
   * Kills what runs in the pod, takes its network away and ends it. Its network is given back even
   * when rkt has lost the pod.
   */
  public void stop(String id) {
    Optional<Sandbox> sandbox = index.sandbox(id);
    if (sandbox.isPresent()) {
      endContainers(sandbox.get());
    }
    try {
      // While the network namespace is there plugins undo all that they did.
      node.network().detach(id);
    } finally {
      if (sandbox.map(Sandbox::running).orElse(false)) {
        kill(id);
        feed.ended(sandbox.get());
        sandbox
            .get()
            .process()
            .ifPresent(pod ->
                CgroupParent.removeEmpty(rkt.host().cgroups(), pod.scope(), sandbox.get().place()));
      }
    }
  }

  /**
   * First, and their ends read while the pod's systemd can tell a signal from an exit code: rkt
   * forgets how an app ended that is killed with its pod.
   */
  private void endContainers(Sandbox sandbox) {
    if (sandbox.process().isEmpty()) {
      return;
    }
    PodProcess pod = sandbox.process().get();
    List<Container> running =
        index.containersOf(sandbox.id()).stream().filter(Container::running).toList();
    running.forEach(container -> pod.killAllOf(container.app()));
    for (Container container : running) {
      long deadline = System.nanoTime() + NOTED_WITHIN.toNanos();
      while (pod.alive() && !pod.notesEndOf(container.app()) && System.nanoTime() < deadline) {
        pause();
      }
      feed.refresh(container.id());
    }
  }

  /** rkt sometimes fails to kill a pod that is just changing, and then says no more than that. */
  private void kill(String id) {
    String object = "pod sandbox " + id;
    long deadline = System.nanoTime() + ENDED_WITHIN.toNanos();
    CriException refusal =
        new CriException(
            Code.UNKNOWN, object + ": rkt has killed it and still says that it has not ended");
    do {
      try {
        rkt.killPod(object, id);
      } catch (CriException e) {
        refusal = e;
      }
      if (rkt.pod(id).map(PodAnswer::ended).orElse(true)) {
        return;
      }
      pause();
    } while (System.nanoTime() < deadline);
    throw refusal;
  }

  /** Removes the pod with its containers, ending it first if it runs. */
  public void remove(String id) {
    stop(id);
    Optional<Sandbox> sandbox = index.sandbox(id);
    String object = "pod sandbox " + id;
    if (rkt.pod(id).isPresent()) {
      if (sandbox.isEmpty()) {
        // It has our network or none, and is nobody's that we know of: not ours to remove.
        return;
      }
      removeEnded(rkt, object, id);
    }
    index.containersOf(id).forEach(container -> feed.forget(container.id()));
    feed.forget(id);
    sandbox.ifPresent(known -> {
      Place.named(node, known.place()).remove();
      removeLeftovers(rkt, id, known.place());
    });
  }

  /** rkt holds its lock for a moment after a pod's end, and refuses meanwhile. */
  static void removeEnded(Rkt rkt, String object, String id) {
    for (int attempt = 1; ; attempt++) {
      try {
        rkt.removePod(object, id);
        return;
      } catch (CriException e) {
        if (attempt == REMOVAL_ATTEMPTS || e.code() == Code.UNAVAILABLE) {
          throw e;
        }
        pause();
      }
    }
  }

  /** rkt leaves an empty cgroup and a mount point behind. */
  static void removeLeftovers(Rkt rkt, String id, String place) {
    String scope = "machine-rkt\\x2d" + id.replace("-", "\\x2d") + ".scope";
    CgroupParent.removeEmpty(rkt.host().cgroups(), scope, place);
    try {
      Files.deleteIfExists(PROPAGATED.resolve("rkt-" + id));
    } catch (IOException e) {
      log.debug("the propagation folder of pod {} stays behind: {}", id, e.toString());
    }
  }

  /**
   * Gives back everything that an attempt to run a pod took.
   *
   * @param id "" when rkt gave none
   */
  void discard(String id, Place place) {
    if (!id.isEmpty()) {
      try {
        node.network().detach(id);
      } catch (RuntimeException e) {
        log.warn("sandbox {}: its network is still connected, to be tried again", id, e);
      }
      try {
        if (rkt.pod(id).map(PodAnswer::ended).map(ended -> !ended).orElse(false)) {
          kill(id);
        }
        removeEnded(rkt, "pod sandbox " + id, id);
        removeLeftovers(rkt, id, place.name());
      } catch (RuntimeException e) {
        log.warn("sandbox {}: its pod is left behind, shown as not ready", id, e);
        return;
      }
    }
    place.remove();
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, "interrupted while a pod was stopped", e);
    }
  }
}
