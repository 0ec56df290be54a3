package io.intermodal.server.several.member;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What an engine made since it last listed all of a kind. Its next list has it; should the engine
 * die before, it is listed from here.
 */
final class Newest {
  private static final int MOST = 4096;

  private final Map<String, Made> made =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Made> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param item as a list would have it; empty when only the id is known
   * @param nanos when that was heard, by {@link System#nanoTime}
   */
  private record Made(Optional<byte[]> item, long nanos) {}

  void add(String id, Optional<byte[]> item) {
    made.put(id, new Made(item, System.nanoTime()));
  }

  void change(String id, UnaryOperator<byte[]> change) {
    made.computeIfPresent(id, (_, one) -> new Made(one.item().map(change), one.nanos()));
  }

  void remove(String id) {
    made.remove(id);
  }

  /**
   * The engine listed all that it has.
   *
   * @param ids all of them
   * @param asked when it was asked, by {@link System#nanoTime}
   */
  void listed(Set<String> ids, long asked) {
    made.keySet().removeAll(ids);
    // The engine does not have it any more, but its id is still this engine's.
    made.replaceAll(
        (_, one) -> one.nanos() < asked ? new Made(Optional.empty(), one.nanos()) : one);
  }

  boolean has(String id) {
    return made.containsKey(id);
  }

  boolean hasBeginning(String beginning) {
    return made.keySet().stream().anyMatch(id -> id.startsWith(beginning));
  }

  int count() {
    return (int) made.values().stream().filter(one -> one.item().isPresent()).count();
  }

  /** The items as the answer to a listing RPC has them: such a list, or the end of one. */
  byte[] items() {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    try {
      CodedOutputStream coded = CodedOutputStream.newInstance(list);
      for (Made one : made.values()) {
        if (one.item().isPresent()) {
          coded.writeByteArray(ContentKind.ITEMS, one.item().get());
        }
      }
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return list.toByteArray();
  }
}
