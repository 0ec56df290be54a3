package io.intermodal.docker.spec;

import java.nio.file.Path;

/** Images whose ids and folders follow from their names; nothing of it exists. */
final class ImagesNowhere implements ImageFolders {
  @Override
  public String id(String image, String mount) {
    return "sha256:" + image;
  }

  @Override
  public Path find(String imageId, String image, String subPath, String mount) {
    return Path.of("/shown", image, subPath);
  }
}
