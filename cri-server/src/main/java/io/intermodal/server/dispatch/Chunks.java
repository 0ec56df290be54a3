package io.intermodal.server.dispatch;

import com.google.protobuf.MessageLite;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Cuts a list into pieces that fit into a message each. Every item is in exactly one piece, in
 * order; an item larger than the bound is a piece of its own.
 */
final class Chunks<I extends MessageLite> implements Iterator<List<I>> {
  /** Tag and length of an item inside of its message, at most. */
  private static final int FRAMING = 6;

  private final List<I> items;
  private final int bytes;
  private int next;

  /**
   * @param bytes how large a piece may be, serialised
   */
  Chunks(List<I> items, int bytes) {
    this.items = items;
    this.bytes = bytes;
  }

  @Override
  public boolean hasNext() {
    return next < items.size();
  }

  @Override
  public List<I> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int start = next;
    long size = 0;
    do {
      size += items.get(next).getSerializedSize() + FRAMING;
      next++;
    } while (hasNext() && size + items.get(next).getSerializedSize() + FRAMING <= bytes);
    return items.subList(start, next);
  }
}
