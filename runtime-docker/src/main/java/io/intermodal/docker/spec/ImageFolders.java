package io.intermodal.docker.spec;

import io.intermodal.runtime.CriException;
import java.nio.file.Path;

/** Finds images that are to be mounted, and their files for an engine that mounts no images. */
public interface ImageFolders {
  /**
   * The image's id.
   *
   * @param image a name or an id
   * @param mount what is asked for, as the start of a sentence: {@code mount "/model"}
   * @throws CriException NOT_FOUND when it is not on this node
   */
  String id(String image, String mount);

  /**
   * Makes the image's files visible on this host and finds one, or a folder.
   *
   * @param imageId from {@link #id}
   * @param image as it was asked for
   * @param subPath relative to the image's root, "" for all of it
   * @param mount as above
   * @return absolute, without symbolic links
   * @throws CriException INVALID_ARGUMENT when it has no such path, UNIMPLEMENTED when this
   *     engine's way of keeping images does not allow it, FAILED_PRECONDITION when this host does
   *     not
   */
  Path find(String imageId, String image, String subPath, String mount);
}
