package io.intermodal.rkt.image;

import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.cri.v1.RemoveImageResponse;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import java.util.Optional;

/**
 * RemoveImage: removes the image with all its names, whichever of them the request gives. An
 * unknown image is a success.
 */
public final class RemoveImage {
  private final Rkt rkt;
  private final ImageIndex images;
  private final Index index;

  public RemoveImage(Rkt rkt, ImageIndex images, Index index) {
    this.rkt = rkt;
    this.images = images;
    this.index = index;
  }

  public RemoveImageResponse remove(RemoveImageRequest request, Call call) {
    String wanted = request.getImage().getImage();
    if (wanted.isEmpty()) {
      throw CriException.invalid("image: no reference given (expected: a name or an id)");
    }
    index.awaitContent(call);
    Optional<KnownImage> image = images.find(wanted);
    if (image.isPresent()) {
      refuseIfUsed(wanted, image.get());
      rkt.removeImage("image " + wanted, image.get().rktId());
      images.forget(image.get().id());
      images.refresh();
    }
    return RemoveImageResponse.getDefaultInstance();
  }

  private void refuseIfUsed(String wanted, KnownImage image) {
    for (Container container : index.containers()) {
      if (container.status().getImageId().equals(image.id())) {
        throw CriException.failedPrecondition(
            "image %s is used by container %s: remove the container first"
                .formatted(wanted, container.id()));
      }
    }
  }
}
