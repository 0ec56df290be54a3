package io.intermodal.rkt.image;

import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;

/** ListImages: all images, or the one that the filter names. From memory. */
public final class ListImages {
  private final ImageIndex images;

  public ListImages(ImageIndex images) {
    this.images = images;
  }

  public ListImagesResponse list(ListImagesRequest request) {
    String wanted = request.getFilter().getImage().getImage();
    ListImagesResponse.Builder response = ListImagesResponse.newBuilder();
    if (wanted.isEmpty()) {
      return response.addAllImages(images.images()).build();
    }
    images
        .find(wanted)
        .map(KnownImage::image)
        .ifPresent((Image image) -> response.addImages(image));
    return response.build();
  }
}
