package io.intermodal.runtime.node;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A folder of small files of our own. A write is a temporary file, an fsync and a rename: after a
 * crash a file has its old content or its new one.
 */
public interface StateDirectory {
  /** A folder of its own below this one, made when first written to. */
  StateDirectory within(String name);

  void write(String name, byte[] content) throws IOException;

  /** The file's content; empty when there is no such file. */
  Optional<byte[]> read(String name) throws IOException;

  /** Deletes the file; nothing happens when there is none. */
  void delete(String name) throws IOException;

  /** The names of the files in this folder, without those of unfinished writes, sorted. */
  List<String> names() throws IOException;
}
