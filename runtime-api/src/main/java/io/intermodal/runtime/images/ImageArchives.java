package io.intermodal.runtime.images;

import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Images into an engine and out of it as archives, which CRI has no call for. This is asked in a
 * process of its own on the engine's node, whether or not a server is in front of the engine.
 */
public interface ImageArchives {
  /**
   * Loads all images of an archive. When it returns, the engine has them under all their names and
   * CRI shows them, a moment later at most; a name that meant another image means this one.
   *
   * @throws CriException with the engine's words when it refuses: UNAVAILABLE when it does not
   *     answer, RESOURCE_EXHAUSTED when the disk is full
   * @throws IOException when the archive cannot be read
   */
  void load(ImageArchive archive) throws IOException;

  /**
   * Writes one image as an archive of the engine's choice: what {@code docker save} writes, or an
   * OCI archive, with layers compressed or not. It may hold more than that image.
   *
   * @param id the image's id as CRI shows it
   * @throws CriException with the engine's words when it refuses
   * @throws IOException when the archive cannot be written
   */
  void save(String id, OutputStream into) throws IOException;
}
