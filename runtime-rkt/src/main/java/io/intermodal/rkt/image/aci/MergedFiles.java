package io.intermodal.rkt.image.aci;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * The files that the layers of an image make together: the later layer wins, and removes what it
 * marks. Only names and attributes are here; the content stays in the layers.
 */
final class MergedFiles {
  private static final String REMOVED = ".wh.";
  private static final String HIDES_ALL = ".wh..wh..opq";
  private static final String OTHER_MARK = ".wh..wh.";
  private static final int MOST_LINKS = 40;

  private final Folder root = new Folder();
  private int layer = -1;

  /** A place in an archive: which layer, and which entry of it. */
  record Source(int layer, int number) {}

  /** What stands under one name. */
  private static sealed class Node permits Folder, Leaf {
    int layer;
    @Nullable TarArchiveEntry entry;
  }

  private static final class Folder extends Node {
    final Map<String, Node> children = new TreeMap<>();
  }

  private static final class Leaf extends Node {
    Content content;

    Leaf(Content content) {
      this.content = content;
    }
  }

  /** What several names may share. */
  private static final class Content {
    final Source source;
    final TarArchiveEntry entry;

    Content(Source source, TarArchiveEntry entry) {
      this.source = source;
      this.entry = entry;
    }
  }

  /** A folder of the result, with its attributes; null where no layer has given any. */
  record MergedFolder(String path, @Nullable TarArchiveEntry entry) {}

  /** A file of the result, or whatever else has content or a target, with all its names. */
  record MergedFile(List<String> paths, Source source, TarArchiveEntry entry) {}

  /** The entries from here on are of the next layer. */
  void nextLayer() {
    layer++;
  }

  /**
   * Takes an entry of the present layer in.
   *
   * @param number its number in the layer
   */
  void add(TarArchiveEntry entry, int number) {
    List<String> path = parts(entry.getName());
    if (path.isEmpty()) {
      if (entry.isDirectory()) {
        root.entry = entry;
      }
      return;
    }
    String name = path.getLast();
    Folder parent = folder(path.subList(0, path.size() - 1));
    if (name.equals(HIDES_ALL)) {
      hideOlder(parent);
    } else if (name.startsWith(OTHER_MARK)) {
      // Marks of file systems that nobody uses any more.
      return;
    } else if (name.startsWith(REMOVED)) {
      removeOlder(parent, name.substring(REMOVED.length()));
    } else if (entry.isDirectory()) {
      Node node = parent.children.get(name);
      Folder folder = node instanceof Folder known ? known : new Folder();
      folder.entry = entry;
      folder.layer = layer;
      parent.children.put(name, folder);
    } else if (entry.isLink()) {
      addLink(parent, name, entry);
    } else {
      put(parent, name, new Leaf(new Content(new Source(layer, number), entry)));
    }
  }

  private void addLink(Folder parent, String name, TarArchiveEntry entry) {
    List<String> target = parts(entry.getLinkName());
    Node node =
        target.isEmpty()
            ? null
            : folder(target.subList(0, target.size() - 1)).children.get(target.getLast());
    if (node instanceof Leaf leaf) {
      put(parent, name, new Leaf(leaf.content));
    }
  }

  private void put(Folder parent, String name, Leaf leaf) {
    leaf.layer = layer;
    parent.children.put(name, leaf);
  }

  /** Removes what is of earlier layers. */
  private void hideOlder(Folder folder) {
    folder.children.values().removeIf(child -> child.layer < layer && !hasNewer(child));
    folder
        .children
        .values()
        .forEach(child -> {
          if (child instanceof Folder below) {
            hideOlder(below);
          }
        });
  }

  private void removeOlder(Folder parent, String name) {
    Node node = parent.children.get(name);
    if (node != null && node.layer < layer && !hasNewer(node)) {
      parent.children.remove(name);
    } else if (node instanceof Folder folder) {
      hideOlder(folder);
    }
  }

  private boolean hasNewer(Node node) {
    return node instanceof Folder folder
        && folder.children.values().stream()
            .anyMatch(child -> child.layer == layer || hasNewer(child));
  }

  /** The folder at a path, made where there is none; symbolic links lead on inside of the image. */
  private Folder folder(List<String> path) {
    Deque<String> left = new ArrayDeque<>(path);
    Deque<Folder> above = new ArrayDeque<>();
    Folder at = root;
    int links = 0;
    while (!left.isEmpty()) {
      String name = left.removeFirst();
      if (name.equals("..")) {
        at = above.isEmpty() ? root : above.pop();
        continue;
      }
      Node child = at.children.get(name);
      if (child instanceof Leaf leaf && leaf.content.entry.isSymbolicLink() && links < MOST_LINKS) {
        links++;
        String target = leaf.content.entry.getLinkName();
        if (target.startsWith("/")) {
          at = root;
          above.clear();
        }
        List<String> parts = rawParts(target);
        for (int i = parts.size() - 1; i >= 0; i--) {
          left.addFirst(parts.get(i));
        }
        continue;
      }
      Folder next = child instanceof Folder folder ? folder : new Folder();
      if (next != child) {
        next.layer = layer;
        at.children.put(name, next);
      }
      above.push(at);
      at = next;
    }
    return at;
  }

  /** The elements of a name in an archive, which never leads out of it. */
  private static List<String> parts(String name) {
    return rawParts(name).stream().filter(part -> !part.equals("..")).toList();
  }

  private static List<String> rawParts(String name) {
    return Arrays.stream(name.split("/", -1))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .toList();
  }

  /** All folders, those above before those below. */
  List<MergedFolder> folders() {
    List<MergedFolder> folders = new ArrayList<>();
    collectFolders("", root, folders);
    return folders;
  }

  private static void collectFolders(String path, Folder folder, List<MergedFolder> into) {
    into.add(new MergedFolder(path, folder.entry));
    folder.children.forEach((name, child) -> {
      if (child instanceof Folder below) {
        collectFolders(path + "/" + name, below, into);
      }
    });
  }

  /** All else, by where the content is. */
  Map<Source, MergedFile> files() {
    Map<Content, List<String>> names = new LinkedHashMap<>();
    collectNames("", root, names);
    Map<Source, MergedFile> files = new LinkedHashMap<>();
    names.forEach((content, paths) ->
        files.put(content.source, new MergedFile(paths, content.source, content.entry)));
    return files;
  }

  private static void collectNames(String path, Folder folder, Map<Content, List<String>> into) {
    folder.children.forEach((name, child) -> {
      switch (child) {
        case Folder below -> collectNames(path + "/" + name, below, into);
        case Leaf leaf ->
            into.computeIfAbsent(leaf.content, _ -> new ArrayList<>()).add(path + "/" + name);
        default -> throw new IllegalStateException("a node is a folder or a leaf");
      }
    });
  }
}
