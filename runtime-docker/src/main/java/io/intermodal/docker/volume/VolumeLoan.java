package io.intermodal.docker.volume;

import io.intermodal.cri.v1.Image;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.spec.ImageFolders;
import io.intermodal.runtime.CriException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The images that are shown for one container while it is being made. Closed without {@link #made},
 * they are given back.
 */
public final class VolumeLoan implements ImageFolders, AutoCloseable {
  private final ImageVolumes volumes;
  private final ImageIndex images;
  private final List<String> held = new ArrayList<>();
  private boolean made;

  VolumeLoan(ImageVolumes volumes, ImageIndex images) {
    this.volumes = volumes;
    this.images = images;
  }

  @Override
  public String id(String image, String mount) {
    return images
        .find(image)
        .map(Image::getId)
        .orElseThrow(() ->
            CriException.notFound(
                "%s: image %s is not on this node: pull it first".formatted(mount, image)));
  }

  @Override
  public Path find(String imageId, String image, String subPath, String mount) {
    held.add(imageId);
    return SubPath.within(volumes.show(imageId, mount), image, subPath, mount);
  }

  /** The container exists, so that its labels say what it uses. */
  public void made() {
    made = true;
  }

  @Override
  public void close() {
    volumes.giveBack(held, made);
  }
}
