package io.intermodal.docker.index;

/** Indexes for tests of other packages: their first full read is in. */
public final class KnownIndex {
  private KnownIndex() {}

  public static Index of(Container... containers) {
    return of(IndexObserver.NONE, containers);
  }

  /** One whose further changes are told. */
  public static Index of(IndexObserver observer, Container... containers) {
    Index index = new Index(observer);
    for (Container container : containers) {
      index.put(container);
    }
    index.loaded();
    return index;
  }
}
