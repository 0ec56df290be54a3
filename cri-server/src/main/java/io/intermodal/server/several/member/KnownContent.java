package io.intermodal.server.several.member;

import com.google.protobuf.InvalidProtocolBufferException;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.server.wire.Fields;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last known of an engine's sandboxes, containers and images: whose an id is, and what to
 * list while the engine is away. It outlives this process, since the engine may be away when the
 * next one starts.
 */
public final class KnownContent {
  private static final Logger log = LoggerFactory.getLogger(KnownContent.class);

  private final StateDirectory files;
  private final Map<ContentKind, Known> lists = new EnumMap<>(ContentKind.class);
  private final Set<ContentKind> unsaved = EnumSet.noneOf(ContentKind.class);
  private final Map<ContentKind, Newest> newest = new EnumMap<>(ContentKind.class);

  private KnownContent(StateDirectory files) {
    this.files = files;
    for (ContentKind kind : ContentKind.values()) {
      lists.put(kind, Known.NOTHING);
      newest.put(kind, new Newest());
    }
  }

  /** A list as the engine gave it, and the ids in it. */
  private static final class Known {
    static final Known NOTHING = new Known(new byte[0], Collections.emptyNavigableSet());

    final byte[] list;
    final NavigableSet<String> ids;

    Known(byte[] list, NavigableSet<String> ids) {
      this.list = list;
      this.ids = ids;
    }
  }

  /**
   * What an earlier process knew.
   *
   * @throws IOException when the folder cannot be read; a file that is damaged counts as none
   */
  public static KnownContent restored(StateDirectory files) throws IOException {
    KnownContent content = new KnownContent(files);
    for (ContentKind kind : ContentKind.values()) {
      Optional<byte[]> saved = files.read(kind.file());
      if (saved.isPresent()) {
        try {
          content.lists.put(kind, known(saved.get()));
        } catch (InvalidProtocolBufferException e) {
          log.warn("{} of an earlier run cannot be read and are asked for anew", kind.file(), e);
        }
      }
    }
    return content;
  }

  private static Known known(byte[] list) throws InvalidProtocolBufferException {
    NavigableSet<String> ids = new TreeSet<>();
    for (byte[] item : Fields.all(list, ContentKind.ITEMS)) {
      Fields.text(item, ContentKind.ID).ifPresent(ids::add);
    }
    return new Known(list, ids);
  }

  /** The answer of the engine to the RPC that lists all of it, and what was made since. */
  public synchronized byte[] list(ContentKind kind) {
    byte[] list = known(kind).list;
    byte[] since = newest(kind).items();
    if (since.length == 0) {
      return list;
    }
    byte[] both = Arrays.copyOf(list, list.length + since.length);
    System.arraycopy(since, 0, both, list.length, since.length);
    return both;
  }

  /** How many there were; empty when the engine has never said. */
  public synchronized OptionalInt count(ContentKind kind) {
    Known known = known(kind);
    return known == Known.NOTHING
        ? OptionalInt.empty()
        : OptionalInt.of(known.ids.size() + newest(kind).count());
  }

  /** Whether the engine has this id. */
  public synchronized boolean has(ContentKind kind, String id) {
    return !id.isEmpty() && (known(kind).ids.contains(id) || newest(kind).has(id));
  }

  /** Whether an id begins so. */
  public synchronized boolean hasBeginning(ContentKind kind, String beginning) {
    if (beginning.isEmpty()) {
      return false;
    }
    String next = known(kind).ids.ceiling(beginning);
    return (next != null && next.startsWith(beginning)) || newest(kind).hasBeginning(beginning);
  }

  /** The engine said that an id is one of its own. */
  public synchronized void owns(ContentKind kind, String id) {
    if (!has(kind, id)) {
      newest(kind).add(id, Optional.empty());
    }
  }

  /**
   * The engine made something.
   *
   * @param item as a list would have it, see {@link Listed}
   */
  public synchronized void made(ContentKind kind, String id, Optional<byte[]> item) {
    if (!known(kind).ids.contains(id)) {
      newest(kind).add(id, item);
      unsaved.add(kind);
    }
  }

  /** The engine stopped a sandbox. */
  public synchronized void stopped(String sandbox) {
    newest(ContentKind.SANDBOXES).change(sandbox, Listed::stopped);
  }

  /** The engine started or stopped a container. */
  public synchronized void changed(String container, ContainerState state) {
    newest(ContentKind.CONTAINERS).change(container, item -> Listed.in(state, item));
  }

  /** The engine removed something. */
  public synchronized void removed(ContentKind kind, String id) {
    newest(kind).remove(id);
  }

  /**
   * The engine listed all of a kind.
   *
   * @param asked when it was asked, by {@link System#nanoTime}
   * @throws InvalidProtocolBufferException when that is no such list; what was known stays
   */
  public void listed(ContentKind kind, byte[] list, long asked)
      throws InvalidProtocolBufferException {
    Known before;
    synchronized (this) {
      before = known(kind);
    }
    boolean same = before != Known.NOTHING && Arrays.equals(before.list, list);
    Known now = same ? before : known(list);
    synchronized (this) {
      lists.put(kind, now);
      newest(kind).listed(now.ids, asked);
      if (!same) {
        unsaved.add(kind);
      }
    }
  }

  /** Writes down what has changed; what cannot be written is tried again next time. */
  void save() throws IOException {
    for (ContentKind kind : ContentKind.values()) {
      byte[] list;
      synchronized (this) {
        if (!unsaved.remove(kind)) {
          continue;
        }
        list = list(kind);
      }
      try {
        files.write(kind.file(), list);
      } catch (IOException e) {
        synchronized (this) {
          unsaved.add(kind);
        }
        throw e;
      }
    }
  }

  private Known known(ContentKind kind) {
    return lists.getOrDefault(kind, Known.NOTHING);
  }

  private Newest newest(ContentKind kind) {
    Newest made = newest.get(kind);
    if (made == null) {
      throw new IllegalStateException(kind + " has no ids");
    }
    return made;
  }
}
