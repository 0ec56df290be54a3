package io.intermodal.server.network;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.PodAddresses;
import io.intermodal.runtime.node.PodAttachment;
import io.intermodal.runtime.node.PodNetwork;
import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.server.network.cni.MalformedJsonException;
import io.intermodal.server.network.cni.NetworkConfig;
import io.intermodal.server.network.cni.PluginChain;
import io.intermodal.server.network.cni.PluginException;
import io.intermodal.server.network.cni.PluginTimes;
import io.intermodal.server.network.journal.Attachment;
import io.intermodal.server.network.journal.AttachmentJournal;
import io.intermodal.server.network.journal.ForeignCaches;
import io.intermodal.server.network.journal.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects pods by executing the CNI plugins of the first valid network in a folder.
 *
 * <p>What was handed out is in a journal: pending before the first plugin runs, attached after the
 * last, gone after the last DEL. Addresses are answered from memory. The operations on one sandbox
 * run one after the other, those on different ones side by side.
 */
public final class CniPodNetwork implements PodNetwork, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CniPodNetwork.class);
  private static final String POD_CIDR = "pod-cidr";

  private final NetworkSettings settings;
  private final StateDirectory state;
  private final AttachmentJournal journal;
  private final ForeignCaches foreign;
  private final NetworkDirectory networks;
  private final SandboxLocks locks;
  private final Leftovers leftovers;
  private final Connections connections;
  private final UnusedResources unused;

  /** By sandbox id. */
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /** Pods of other runtimes, as found at start. */
  private final Map<String, PodAddresses> foreignAddresses = new ConcurrentHashMap<>();

  private volatile List<String> podCidr = List.of();

  /**
   * A pod of ours.
   *
   * @param addresses empty while it is pending
   * @param inherited whether it was connected before our start: only such are swept
   */
  private record Held(Attachment attachment, Optional<PodAddresses> addresses, boolean inherited) {}

  private CniPodNetwork(NetworkSettings settings, StateDirectory state, PluginTimes times) {
    this.settings = settings;
    this.state = state;
    this.journal = new AttachmentJournal(state.within("attachments"));
    this.foreign = new ForeignCaches(settings.foreignCaches(), PodInterfaces.INTERFACE);
    this.networks = new NetworkDirectory(settings);
    // The longest that one operation takes: an ADD, its undoing, and that once more.
    this.locks =
        new SandboxLocks(settings.addTimeout().plus(settings.delTimeout().multipliedBy(2)));
    this.connections = new Connections(settings, times);
    this.unused = new UnusedResources(settings);
    this.leftovers = new Leftovers(this::disconnectLeftover);
  }

  /**
   * Reads the journal and the folder of networks, and starts to watch the latter.
   *
   * @param state the folder for the journal, of this engine alone
   * @throws IOException when the journal cannot be read
   */
  public static CniPodNetwork open(NetworkSettings settings, StateDirectory state)
      throws IOException {
    return open(settings, state, PluginTimes.NONE);
  }

  /**
   * The same.
   *
   * @param times is told of each plugin that connects, disconnects or checks a pod
   */
  public static CniPodNetwork open(
      NetworkSettings settings, StateDirectory state, PluginTimes times) throws IOException {
    CniPodNetwork network = new CniPodNetwork(settings, state, times);
    network.load();
    network.networks.start(settings.refresh());
    return network;
  }

  private void load() throws IOException {
    podCidr =
        state
            .read(POD_CIDR)
            .map(text -> PodCidr.parse(new String(text, StandardCharsets.UTF_8)))
            .orElse(List.of());
    for (ForeignCaches.Entry entry : foreign.all()) {
      addressesOf(entry.attachment())
          .ifPresent(found -> foreignAddresses.put(entry.attachment().sandboxId(), found));
    }
    for (Attachment attachment : journal.load()) {
      held.put(attachment.sandboxId(), new Held(attachment, addressesOf(attachment), true));
    }
  }

  @Override
  public PodAddresses attach(PodAttachment pod) {
    NetworkConfig network = usableNetwork(pod);
    return locks.alone(
        pod.sandboxId(),
        () -> {
          NetworkNamespace namespace = namespaceOf(pod);
          Held known = held.get(pod.sandboxId());
          if (known != null) {
            if (known.addresses.isPresent() && known.attachment.namespace().equals(namespace)) {
              return known.addresses.get();
            }
            disconnect(known.attachment);
          }
          Attachment pending =
              new Attachment(
                  Attachment.State.PENDING,
                  network,
                  PodInterfaces.of(pod, network, podCidr),
                  namespace,
                  Optional.empty());
          return unused.undisturbed(() -> connect(PodInterfaces.name(pod), pending));
        });
  }

  private PodAddresses connect(String podName, Attachment pending) {
    held.put(pending.sandboxId(), new Held(pending, Optional.empty(), false));
    try {
      journal.write(pending);
    } catch (IOException e) {
      held.remove(pending.sandboxId());
      throw journalFailure(podName, e);
    }
    return switch (connections.add(pending)) {
      case PluginChain.Added.Failed(PluginException why, var soFar) -> {
        undo(pending.interrupted(soFar));
        throw Connections.failure(podName + " could not be connected to", pending, why);
      }
      case PluginChain.Added.Done(var result) -> {
        Attachment attached = pending.attached(result);
        try {
          PodAddresses addresses =
              attached
                  .addresses()
                  .orElseThrow(() -> new MalformedJsonException("names no address"));
          journal.write(attached);
          held.put(attached.sandboxId(), new Held(attached, Optional.of(addresses), false));
          yield addresses;
        } catch (MalformedJsonException e) {
          undo(pending.interrupted(Optional.of(result)));
          throw new CriException(
              CriException.Code.UNKNOWN,
              podName
                  + " could not be connected to the network "
                  + pending.network().name()
                  + ": its result "
                  + e.getMessage(),
              e);
        } catch (IOException e) {
          undo(pending.interrupted(Optional.of(result)));
          throw journalFailure(podName, e);
        }
      }
    };
  }

  /** Gives back what a failed attach took; what cannot be given back now is tried again later. */
  private void undo(Attachment failed) {
    held.put(failed.sandboxId(), new Held(failed, Optional.empty(), false));
    // An interrupted request must still clean up; whoever interrupted it is told afterwards.
    boolean interrupted = Thread.interrupted();
    try {
      disconnect(failed);
    } catch (CriException e) {
      LOG.warn("after a failed attach, trying again later: {}", e.getMessage());
      try {
        journal.write(failed);
      } catch (IOException io) {
        LOG.warn("sandbox {}: the journal keeps its older entry: {}", failed.sandboxId(), io);
      }
      leftovers.retry(failed);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void detach(String sandboxId) {
    locks.alone(
        sandboxId,
        () -> {
          Held known = held.get(sandboxId);
          if (known != null) {
            disconnect(known.attachment);
          } else {
            foreign.find(sandboxId).ifPresent(this::disconnectForeign);
          }
          return true;
        });
  }

  private void disconnectForeign(ForeignCaches.Entry entry) {
    connections.delete(entry.attachment());
    forgetForeign(entry);
  }

  private void forgetForeign(ForeignCaches.Entry entry) {
    foreignAddresses.remove(entry.attachment().sandboxId());
    try {
      entry.forget();
    } catch (IOException e) {
      throw journalFailure("sandbox " + entry.attachment().sandboxId(), e);
    }
  }

  private void disconnectLeftover(Attachment leftover) {
    locks.alone(
        leftover.sandboxId(),
        () -> {
          Held now = held.get(leftover.sandboxId());
          // Detached, or attached anew, while this was waiting.
          if (now != null && now.attachment.equals(leftover)) {
            disconnect(leftover);
          }
          return true;
        });
  }

  /** DEL, then forgets. */
  private void disconnect(Attachment attachment) {
    connections.delete(attachment);
    try {
      journal.delete(attachment.sandboxId());
    } catch (IOException e) {
      throw journalFailure("sandbox " + attachment.sandboxId(), e);
    }
    held.remove(attachment.sandboxId());
  }

  @Override
  public Optional<PodAddresses> addresses(String sandboxId) {
    Held known = held.get(sandboxId);
    return known != null ? known.addresses : Optional.ofNullable(foreignAddresses.get(sandboxId));
  }

  /**
   * Asks the plugins whether a pod is still connected as it was (CHECK). Does nothing where the
   * network has no CHECK.
   *
   * @throws CriException NOT_FOUND for a pod that is not attached; UNKNOWN with the plugin's words
   *     when something is wrong
   */
  public void check(String sandboxId) {
    locks.alone(
        sandboxId,
        () -> {
          Held known = held.get(sandboxId);
          if (known == null || known.addresses.isEmpty()) {
            throw CriException.notFound("sandbox " + sandboxId + " is not attached to a network");
          }
          connections.check(known.attachment);
          return true;
        });
  }

  @Override
  public void retainOnly(Set<String> livingSandboxIds) {
    List<Attachment> dead =
        held.values().stream()
            .filter(Held::inherited)
            .map(Held::attachment)
            .filter(attachment ->
                attachment.state() == Attachment.State.PENDING
                    || !livingSandboxIds.contains(attachment.sandboxId()))
            .toList();
    try {
      leftovers.undo(dead, settings.delTimeout());
      Optional<NetworkConfig> network = networks.view().network();
      if (network.isPresent()) {
        unused.free(network.get(), () -> inUse(livingSandboxIds));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(
          CriException.Code.CANCELLED, "interrupted while disconnecting pods that are gone", e);
    }
  }

  /** Also the pods of the node's other runtimes: they may be on the same network. */
  private Set<String> inUse(Set<String> living) {
    Set<String> inUse = new HashSet<>(living);
    inUse.addAll(held.keySet());
    foreign.all().forEach(entry -> inUse.add(entry.attachment().sandboxId()));
    return inUse;
  }

  @Override
  public Readiness readiness() {
    return networks.view().readiness();
  }

  /** {@inheritDoc} Kept across our restart: a kubelet tells it only once. */
  @Override
  public void podCidr(String cidr) {
    List<String> parsed = PodCidr.parse(cidr);
    try {
      state.write(POD_CIDR, cidr.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw journalFailure("pod CIDR " + cidr, e);
    }
    podCidr = parsed;
  }

  /** Stops the background work. Pods stay connected. */
  @Override
  public void close() {
    networks.close();
    leftovers.close();
  }

  private NetworkConfig usableNetwork(PodAttachment pod) {
    NetworkDirectory.View view = networks.view();
    if (!view.readiness().ready()) {
      // Perhaps a file or program was put there a moment ago.
      view = networks.look();
    }
    String message = view.readiness().message();
    return view.network()
        .filter(network -> settings.plugins().missing(network).isEmpty())
        .orElseThrow(() ->
            new CriException(
                CriException.Code.UNAVAILABLE,
                PodInterfaces.name(pod) + " could not be connected: " + message));
  }

  private static NetworkNamespace namespaceOf(PodAttachment pod) {
    try {
      NetworkNamespace namespace = NetworkNamespace.at(pod.networkNamespace());
      if (namespace.isOwn()) {
        throw CriException.failedPrecondition(
            PodInterfaces.name(pod)
                + ": "
                + pod.networkNamespace()
                + " is the host's own network namespace, it is not to be connected");
      }
      return namespace;
    } catch (IOException e) {
      throw new CriException(
          CriException.Code.FAILED_PRECONDITION,
          PodInterfaces.name(pod)
              + ": its network namespace "
              + pod.networkNamespace()
              + " cannot be found; has the sandbox ended? "
              + e,
          e);
    }
  }

  private static Optional<PodAddresses> addressesOf(Attachment attachment) {
    try {
      return attachment.addresses();
    } catch (MalformedJsonException e) {
      LOG.warn(
          "the remembered CNI result of sandbox {} {}", attachment.sandboxId(), e.getMessage());
      return Optional.empty();
    }
  }

  private static CriException journalFailure(String object, IOException e) {
    return new CriException(
        CriException.Code.INTERNAL,
        object + ": the network journal in the state folder cannot be written: " + e,
        e);
  }
}
