package io.intermodal.runtime.operations;

import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.cri.v1.RemoveImageResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;

/** The RPCs of the image service. Every operation throws {@link CriException}. */
public interface ImageOperations {
  ListImagesResponse listImages(ListImagesRequest request, Call call);

  ImageStatusResponse imageStatus(ImageStatusRequest request, Call call);

  PullImageResponse pullImage(PullImageRequest request, Call call);

  RemoveImageResponse removeImage(RemoveImageRequest request, Call call);

  ImageFsInfoResponse imageFsInfo(ImageFsInfoRequest request, Call call);
}
