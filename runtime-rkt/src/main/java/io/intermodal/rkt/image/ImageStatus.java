package io.intermodal.rkt.image;

import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.runtime.CriException;

/** ImageStatus: one image by any of its names; an unknown one is an empty answer. From memory. */
public final class ImageStatus {
  private final ImageIndex images;

  public ImageStatus(ImageIndex images) {
    this.images = images;
  }

  public ImageStatusResponse status(ImageStatusRequest request) {
    String wanted = request.getImage().getImage();
    if (wanted.isEmpty()) {
      throw CriException.invalid("image: no reference given (expected: a name or an id)");
    }
    ImageStatusResponse.Builder response = ImageStatusResponse.newBuilder();
    images.find(wanted).map(KnownImage::image).ifPresent(response::setImage);
    return response.build();
  }
}
