package io.intermodal.server.setup;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.client.Deadline;
import io.intermodal.server.config.Settings;
import io.intermodal.server.setup.change.Narrator;
import io.intermodal.server.setup.plan.NodeOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code node switch}: moves a node to other engines. For a while it has both: pods that are made
 * from then on are on the new one, those on the old one end there, and then the old one goes.
 */
public final class NodeSwitch {
  private final NodeInHand node;
  private final Narrator narrator;

  public NodeSwitch(NodeInHand node, Narrator narrator) {
    this.node = node;
    this.narrator = narrator;
  }

  /** What becomes of the pods on the old engine. */
  public sealed interface Draining {
    /** They are removed; who wants them, such as a kubelet, makes them anew on the new engine. */
    record Move() implements Draining {}

    /** They are waited for. */
    record Wait(Duration atMost) implements Draining {}
  }

  /**
   * What is to be done first: the new engines beside the old ones.
   *
   * @throws SetupException when the node was not set up, or it cannot be done
   */
  public NodeUp.Plan plan(List<String> engines) throws SetupException, IOException {
    NodeOptions options = present();
    List<String> both = new ArrayList<>(engines);
    options.engines().stream().filter(name -> !both.contains(name)).forEach(both::add);
    List<ContainerEngine> named = node.named(both);
    return new NodeUp(node, narrator).plan(options.withEngines(both), named);
  }

  /**
   * Does it.
   *
   * @param engines those to be on, the default one first
   * @throws SetupException when pods stay on the old engine: both go on to be served
   */
  public void make(List<String> engines, Draining draining) throws SetupException, IOException {
    List<String> old = new ArrayList<>(present().engines());
    old.removeAll(engines);
    NodeUp up = new NodeUp(node, narrator);
    up.make(plan(engines), List.of());
    for (String engine : old) {
      drain(engine, draining);
    }
    NodeOptions options = present().withEngines(engines);
    up.make(up.plan(options, node.named(engines)), List.of());
  }

  private NodeOptions present() throws SetupException, IOException {
    return node.options()
        .filter(options -> !options.engines().isEmpty())
        .orElseThrow(
            () -> new SetupException("this machine is no node yet: \"node up\" makes it one"));
  }

  private void drain(String engine, Draining draining) throws SetupException {
    try (NodePods pods = new NodePods(node.configuration().get(Settings.LISTEN))) {
      switch (draining) {
        case Draining.Move() -> {
          List<String> ids = pods.idsOn(engine);
          narrator.began("%s: removing %d pods".formatted(engine, ids.size()));
          ids.forEach(pods::remove);
        }
        case Draining.Wait(Duration atMost) -> {
          Deadline deadline = Deadline.in(atMost);
          narrator.began("%s: waiting until its pods have ended".formatted(engine));
          while (!pods.idsOn(engine).isEmpty() && !deadline.passed()) {
            Deadline.pause();
          }
        }
      }
      List<String> left = pods.idsOn(engine);
      if (!left.isEmpty()) {
        throw new SetupException(
            "%s still has %d pods (%s): new pods are on the new engine, these are served on; remove them and switch again, or have them moved (--drain=move)"
                .formatted(engine, left.size(), String.join(", ", left)));
      }
      narrator.done(engine + " has no pods any more");
    } catch (CriException e) {
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
  }
}
