package io.intermodal.docker.index;

/** Indexes for tests of other packages: their first full read is in. */
public final class KnownIndex {
  private KnownIndex() {}

  public static Index of(Container... containers) {
    Index index = new Index();
    for (Container container : containers) {
      index.put(container);
    }
    index.loaded();
    return index;
  }
}
