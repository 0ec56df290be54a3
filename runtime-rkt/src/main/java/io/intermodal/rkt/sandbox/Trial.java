package io.intermodal.rkt.sandbox;

import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.command.RktCommand;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.NodeServices;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the installed rkt can run pods that take apps, by running one: which stage1 is
 * installed and whether it works on this host is said nowhere.
 */
public final class Trial {
  private static final Logger log = LoggerFactory.getLogger(Trial.class);

  private final Rkt rkt;
  private final NodeServices node;

  public Trial(Rkt rkt, NodeServices node) {
    this.rkt = rkt;
    this.node = node;
  }

  /**
   * Runs an empty pod in the host's network and removes it.
   *
   * @return rkt's data directory, if it can be seen
   * @throws CriException when the pod does not come up, with rkt's words and the cure
   */
  public Optional<Path> run() {
    Place place = Place.make(node, false);
    SandboxLaunch launch = new SandboxLaunch(rkt);
    String id = "";
    try {
      id =
          launch.begin(
              new SandboxLaunch.Wish(
                  place,
                  Optional.empty(),
                  CgroupParent.processFiles(
                      rkt.host().cgroups(), "", node.host().cgroups(), place.name()),
                  RktCommand.ENVIRONMENT,
                  List.of("--dns=host")));
      PodProcess process = launch.awaitReady(id, place);
      return process.dataDirectory();
    } catch (CriException e) {
      throw new CriException(e.code(), cure(String.valueOf(e.getMessage())), e);
    } finally {
      giveBack(id, place);
    }
  }

  private void giveBack(String id, Place place) {
    try {
      if (!id.isEmpty()) {
        String object = "trial pod " + id;
        rkt.killPod(object, id);
        SandboxEnd.removeEnded(rkt, object, id);
        SandboxEnd.removeLeftovers(rkt, id, place.name());
      }
    } catch (CriException e) {
      log.warn("{}; remove it with rkt rm", e.getMessage());
    } finally {
      place.remove();
    }
  }

  /** Symptoms that people meet, and what they mean. */
  private static String cure(String said) {
    if (said.contains("does not support mutable pods")) {
      return said
          + ". The installed stage1 is the fly flavour, which runs one app without a pod; install one of the flavour src or coreos";
    }
    if (said.contains("Failed to open system bus")) {
      return said + ". The systemd-nspawn of the installed stage1 is too old for this host";
    }
    if (said.contains("unknown command \"app\"")) {
      return said
          + ". RKT_EXPERIMENT_APP does not reach rkt: does a wrapper clear the environment?";
    }
    return said + ". Run \"rkt app sandbox\" by hand to see more";
  }
}
