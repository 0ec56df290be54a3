package io.intermodal.server.setup;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.client.Deadline;
import io.intermodal.server.config.Settings;
import io.intermodal.server.setup.change.Alteration;
import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.change.Narrator;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.journal.Entry.ChangedService;
import io.intermodal.server.setup.journal.Entry.FoundOnNode;
import io.intermodal.server.setup.plan.NodePlanner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code node down}: takes back all that made this machine a node. */
public final class NodeDown {
  private static final Duration UNTIL_SERVING = Duration.ofSeconds(30);

  /** A pod that comes back more often than this has somebody who makes it. */
  private static final int ROUNDS = 3;

  private final NodeInHand node;
  private final Narrator narrator;

  public NodeDown(NodeInHand node, Narrator narrator) {
    this.node = node;
    this.narrator = narrator;
  }

  /**
   * What is to be taken back; nothing when nothing was changed.
   *
   * @throws SetupException never for a wish of nothing
   * @throws IOException when the node cannot be looked at
   */
  public List<Change> plan() throws SetupException, IOException {
    return node.comparison().changes(WantedNode.NONE);
  }

  /**
   * Takes it back: the pods first, while there is a server to ask, then everything else.
   *
   * @param keepImages whether images stay that came after the node was set up
   * @param leavePods whether pods stay that can be removed only by a server that does not come up
   * @throws SetupException when pods cannot be removed
   * @throws IOException when something cannot be put back: it can be tried again
   */
  public void make(boolean keepImages, boolean leavePods) throws SetupException, IOException {
    Optional<FoundOnNode> found =
        node.journal().find(FoundOnNode.SUBJECT).map(FoundOnNode.class::cast);
    Optional<ChangedService> server = node.journal().service(NodePlanner.SERVER);
    // Without that note nobody has been served yet, so that nobody has pods.
    if (found.isPresent() && server.isPresent() && !leavePods) {
      try (NodePods pods = new NodePods(node.configuration().get(Settings.LISTEN))) {
        awaitServer(pods, server.get());
        removePods(pods, found.get().pods());
        if (!keepImages) {
          removeImages(pods, found.get().images());
        }
      } catch (CriException e) {
        throw new SetupException(
            "the pods cannot be removed: %s. --leave-pods takes the rest down without them"
                .formatted(e.getMessage()),
            e);
      }
    }
    new Alteration(node.machine(), node.journal(), narrator).make(plan());
    node.forgetOptions();
  }

  private void awaitServer(NodePods pods, ChangedService server)
      throws SetupException, IOException {
    if (pods.answers()) {
      return;
    }
    narrator.began("intermodal: started once more, to remove its pods");
    node.machine().services().start(server.service());
    Deadline deadline = Deadline.in(UNTIL_SERVING);
    while (!pods.answers()) {
      if (deadline.passed()) {
        throw new SetupException(
            "the server does not answer, and its pods cannot be removed without it. --leave-pods takes the rest down without them. Its log ends with:\n"
                + node.machine().services().lastWords(server.service()).indent(2));
      }
      Deadline.pause();
    }
  }

  private void removePods(NodePods pods, List<String> found) throws SetupException {
    for (int round = 0; round < ROUNDS; round++) {
      List<String> ours = without(found, pods.ids());
      if (ours.isEmpty()) {
        return;
      }
      narrator.began("removing %d pods".formatted(ours.size()));
      ours.forEach(pods::remove);
    }
    List<String> again = without(found, pods.ids());
    if (!again.isEmpty()) {
      throw new SetupException(
          "pods come back as often as they are removed: end what makes them, such as a kubelet, first (%s)"
              .formatted(String.join(", ", again)));
    }
  }

  private void removeImages(NodePods pods, List<String> found) {
    for (String image : without(found, pods.images())) {
      try {
        pods.removeImage(image);
        narrator.done("removed the image " + image);
      } catch (CriException e) {
        // Containers that were there before may have come to use it; it is theirs then.
        narrator.done("the image %s stays: %s".formatted(image, e.getMessage()));
      }
    }
  }

  /** Those that came since. */
  private static List<String> without(List<String> found, List<String> all) {
    return all.stream().filter(id -> !found.contains(id)).toList();
  }
}
