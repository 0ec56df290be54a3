package io.intermodal.server.logs;

import io.intermodal.runtime.node.StateDirectory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Survives the object under test, not the test. */
final class MemoryState implements StateDirectory {
  private final ConcurrentSkipListMap<String, byte[]> files = new ConcurrentSkipListMap<>();

  @Override
  public StateDirectory within(String name) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  public void write(String name, byte[] content) {
    files.put(name, content.clone());
  }

  @Override
  public Optional<byte[]> read(String name) {
    return Optional.ofNullable(files.get(name)).map(byte[]::clone);
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public List<String> names() {
    return List.copyOf(files.keySet());
  }
}
