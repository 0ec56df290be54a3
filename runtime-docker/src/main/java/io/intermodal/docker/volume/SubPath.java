package io.intermodal.docker.volume;

import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.nio.file.Path;

/** A part of an image that is to be mounted instead of all of it. */
public final class SubPath {
  private SubPath() {}

  /**
   * Finds it in the image's files. Nothing changes there, so what is found now is what will be
   * mounted.
   *
   * @return without symbolic links
   * @throws CriException INVALID_ARGUMENT when it is not there
   */
  static Path within(Path root, String image, String subPath, String mount) {
    try {
      Path realRoot = root.toRealPath();
      Path real = realRoot.resolve(subPath).toRealPath();
      if (real.startsWith(realRoot)) {
        return real;
      }
    } catch (IOException e) {
      // It does not exist, or is a loop of links: said below.
    }
    throw missing(mount, image, subPath);
  }

  /**
   * The refusal. One sentence for both reasons: whether a link leads to something that exists on
   * the host is not the pod's to know.
   */
  public static CriException missing(String mount, String image, String subPath) {
    return CriException.invalid(
        "%s: image_sub_path \"%s\" does not exist in image %s, or a symbolic link leads out of it"
            .formatted(mount, subPath, image));
  }
}
