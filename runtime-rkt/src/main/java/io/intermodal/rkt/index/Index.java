package io.intermodal.rkt.index;

import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The pods and containers in rkt that are ours, by id.
 *
 * <p>Entries are immutable and replaced whole, one change at a time. Readers never wait, except for
 * the very first content: an empty answer before it is known what is there would make a kubelet
 * start everything a second time.
 */
public final class Index {
  private static final Duration FIRST_CONTENT = Duration.ofSeconds(10);
  private static final int REMEMBERED_REMOVALS = 4096;

  private final IndexObserver observer;
  // Changes are made one at a time, so that who is told of them sees their order.
  private final Object changes = new Object();
  private final ConcurrentMap<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Container> containers = new ConcurrentHashMap<>();
  private final Set<String> forming = ConcurrentHashMap.newKeySet();
  private final Map<String, Boolean> removed = new BoundedMemory();
  private final CountDownLatch loaded = new CountDownLatch(1);

  /**
   * @param observer is told of every change after the first full read
   */
  public Index(IndexObserver observer) {
    this.observer = observer;
  }

  /** All sandboxes, in no order. */
  public Collection<Sandbox> sandboxes() {
    return sandboxes.values();
  }

  /** All containers, in no order. */
  public Collection<Container> containers() {
    return containers.values();
  }

  /** The containers of one sandbox, in no order. */
  public List<Container> containersOf(String sandboxId) {
    return containers.values().stream().filter(c -> c.sandboxId().equals(sandboxId)).toList();
  }

  /**
   * The sandbox with this id, or the only one whose id begins so.
   *
   * @throws CriException INVALID_ARGUMENT when several begin so
   */
  public Optional<Sandbox> sandbox(String idOrPrefix) {
    return find("sandbox", sandboxes, idOrPrefix);
  }

  /**
   * The container with this id, or the only one whose id begins so.
   *
   * @throws CriException INVALID_ARGUMENT when several begin so
   */
  public Optional<Container> container(String idOrPrefix) {
    return find("container", containers, idOrPrefix);
  }

  /** The sandbox that was made from this metadata: name, namespace, uid and attempt. */
  public Optional<Sandbox> sandboxOf(PodSandboxMetadata metadata) {
    return sandboxes.values().stream().filter(s -> s.metadata().equals(metadata)).findAny();
  }

  /** Takes a reading in, unless a newer one is known or the sandbox was removed meanwhile. */
  public void put(Sandbox reading) {
    synchronized (changes) {
      Sandbox known = sandboxes.get(reading.id());
      if (removed.containsKey(reading.id()) || (known != null && !known.running())) {
        // A pod that has ended never runs again.
        return;
      }
      sandboxes.put(reading.id(), reading);
      tell(told -> told.sandboxChanged(this, known, reading));
    }
  }

  /** Takes a reading in, unless a newer one is known or the container was removed meanwhile. */
  public void put(Container reading) {
    synchronized (changes) {
      Container known = containers.get(reading.id());
      if (removed.containsKey(reading.id()) || (known != null && known.isNewerThan(reading))) {
        return;
      }
      containers.put(reading.id(), reading);
      tell(told -> told.containerChanged(this, known, reading));
    }
  }

  /** Forgets a sandbox or container for good; a late reading of it is not taken in any more. */
  public void remove(String id) {
    synchronized (changes) {
      removed.put(id, Boolean.TRUE);
      Sandbox sandbox = sandboxes.remove(id);
      if (sandbox != null) {
        tell(told -> told.sandboxChanged(this, sandbox, null));
      }
      Container container = containers.remove(id);
      if (container != null) {
        tell(told -> told.containerChanged(this, container, null));
      }
    }
  }

  /** What there was before the first full read is not a change. */
  private void tell(Consumer<IndexObserver> change) {
    if (loaded.getCount() == 0) {
      change.accept(observer);
    }
  }

  /** Whether a sandbox or container is known under exactly this id. */
  public boolean knows(String id) {
    return sandboxes.containsKey(id) || containers.containsKey(id);
  }

  /**
   * Marks a pod by its place, or a container by its id, as being made by us: a full read passes
   * over it until {@link #formed}.
   */
  public void forming(String name) {
    forming.add(name);
  }

  /** Ends what {@link #forming} began; what was made is in the index by now. */
  public void formed(String name) {
    forming.remove(name);
  }

  boolean isForming(String name) {
    return forming.contains(name);
  }

  /**
   * Forgets what a full read of the engine did not find.
   *
   * @param knownBefore what was known before the read began; anything newer is left alone
   * @param found the ids that the read found
   */
  void forgetAllBut(Set<String> knownBefore, Set<String> found) {
    List<String> gone = knownBefore.stream().filter(id -> !found.contains(id)).toList();
    // A pod goes after its containers, as it does when it is removed in order.
    gone.stream().filter(containers::containsKey).forEach(this::remove);
    gone.forEach(this::remove);
  }

  /** The ids of everything known. */
  Set<String> ids() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    ids.addAll(sandboxes.keySet());
    ids.addAll(containers.keySet());
    return ids;
  }

  /** The first full read is in. */
  void loaded() {
    synchronized (changes) {
      loaded.countDown();
    }
  }

  /**
   * Waits until it is known what is on the engine; at once after the first time.
   *
   * @throws CriException UNAVAILABLE when the engine has not been read for 10 s, or for as long as
   *     the caller waits
   */
  public void awaitContent(Call call) {
    if (loaded.getCount() == 0) {
      return;
    }
    Duration patience =
        call.remaining().filter(left -> left.compareTo(FIRST_CONTENT) < 0).orElse(FIRST_CONTENT);
    try {
      if (loaded.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new CriException(
        Code.UNAVAILABLE,
        "rkt has not answered since this server started, so it is not known which pods there are:"
            + " see its Status");
  }

  private static <T> Optional<T> find(String kind, Map<String, T> entries, String idOrPrefix) {
    T exact = entries.get(idOrPrefix);
    if (exact != null || idOrPrefix.isEmpty()) {
      return Optional.ofNullable(exact);
    }
    List<String> matches =
        entries.keySet().stream().filter(id -> id.startsWith(idOrPrefix)).limit(2).toList();
    if (matches.size() > 1) {
      throw CriException.invalid(
          "%s %s: several ids begin so; give more of it".formatted(kind, idOrPrefix));
    }
    return matches.stream().findFirst().flatMap(id -> Optional.ofNullable(entries.get(id)));
  }

  /** The most recent removals; an id is never used twice. */
  private static final class BoundedMemory extends LinkedHashMap<String, Boolean> {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > REMEMBERED_REMOVALS;
    }
  }
}
