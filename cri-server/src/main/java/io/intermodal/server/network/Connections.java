package io.intermodal.server.network;

import com.google.gson.JsonObject;
import io.intermodal.runtime.CriException;
import io.intermodal.server.network.cni.PluginChain;
import io.intermodal.server.network.cni.PluginException;
import io.intermodal.server.network.cni.PluginTimes;
import io.intermodal.server.network.journal.Attachment;

/**
 * Runs the plugins on an attachment, and says in CRI's terms what went wrong. Remembers nothing.
 */
final class Connections {
  private final NetworkSettings settings;
  private final PluginTimes times;

  Connections(NetworkSettings settings, PluginTimes times) {
    this.settings = settings;
    this.times = times;
  }

  /** ADD. Undoes nothing. */
  PluginChain.Added add(Attachment pending) {
    return chain(pending).add(pending.pod(), settings.addTimeout());
  }

  /**
   * DEL, with the pod's namespace if it still exists, and once more without it if it ended
   * meanwhile: a pod is often stopped and disconnected at the same time.
   *
   * @throws CriException when a plugin fails
   */
  void delete(Attachment attachment) {
    boolean present = attachment.namespace().present();
    try {
      try {
        delete(attachment, present ? attachment.namespace().path() : "");
      } catch (PluginException e) {
        boolean vanished = present && !attachment.namespace().present();
        if (!vanished) {
          throw e;
        }
        delete(attachment, "");
      }
    } catch (PluginException e) {
      throw failure(
          "sandbox " + attachment.sandboxId() + " could not be disconnected from", attachment, e);
    }
  }

  private void delete(Attachment attachment, String namespace) throws PluginException {
    chain(attachment)
        .del(
            attachment.pod().withNetworkNamespace(namespace),
            attachment.result(),
            settings.delTimeout());
  }

  /**
   * CHECK.
   *
   * @throws CriException when a plugin finds something wrong
   */
  void check(Attachment attachment) {
    try {
      chain(attachment)
          .check(
              attachment.pod(),
              attachment.result().orElseGet(JsonObject::new),
              settings.addTimeout());
    } catch (PluginException e) {
      throw failure(
          "sandbox " + attachment.sandboxId() + " is not well connected to", attachment, e);
    }
  }

  private PluginChain chain(Attachment attachment) {
    return new PluginChain(attachment.network(), settings.plugins(), times);
  }

  /**
   * @param what object and verb; the network's name follows
   */
  static CriException failure(String what, Attachment attachment, PluginException why) {
    CriException.Code code =
        switch (why.kind()) {
          case FAILED -> CriException.Code.UNKNOWN;
          case TRY_LATER, NOT_RUNNABLE -> CriException.Code.UNAVAILABLE;
          case TIMED_OUT -> CriException.Code.DEADLINE_EXCEEDED;
          case INTERRUPTED -> CriException.Code.CANCELLED;
        };
    return new CriException(
        code, what + " the network " + attachment.network().name() + ": " + why.getMessage(), why);
  }
}
