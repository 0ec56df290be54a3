package io.intermodal.server.images.archive.writing;

import com.google.common.io.ByteSource;
import io.intermodal.server.images.archive.files.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/** A tar that is made while it is read: how long it is is known before. */
final class TarParts {
  private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
  private static final int BLOCKS_AT_END = 2;
  private static final int MODE = 0644;

  private final List<ByteSource> parts = new ArrayList<>();
  private long size;

  /** Adds a file, whose name is shorter than a hundred characters. */
  TarParts add(String name, Blob content) throws IOException {
    part(header(name, content.size()));
    parts.add(content.source());
    size += content.size();
    part(new byte[(int) ((BLOCK - content.size() % BLOCK) % BLOCK)]);
    return this;
  }

  /** Ends it. */
  TarParts end() {
    part(new byte[BLOCKS_AT_END * BLOCK]);
    return this;
  }

  private void part(byte[] bytes) {
    parts.add(ByteSource.wrap(bytes));
    size += bytes.length;
  }

  private static byte[] header(String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(MODE);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    byte[] header = new byte[BLOCK];
    // Without the flag a file of more than 8 GiB would have none.
    entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
    return header;
  }

  long size() {
    return size;
  }

  InputStream open() throws IOException {
    return ByteSource.concat(parts).openStream();
  }
}
