package io.intermodal.docker.image;

import io.intermodal.cri.v1.FilesystemIdentifier;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.cri.v1.UInt64Value;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Timestamps;
import java.time.Clock;

/**
 * ImageFsInfo: the file system under Docker's root folder, and the bytes of the images on it. A
 * layer that several images share is counted for each of them.
 */
public final class ImageFsInfo {
  private final EngineState engine;
  private final ImageIndex images;
  private final Clock clock;

  public ImageFsInfo(EngineState engine, ImageIndex images, Clock clock) {
    this.engine = engine;
    this.images = images;
    this.clock = clock;
  }

  public ImageFsInfoResponse info() {
    FilesystemUsage usage =
        FilesystemUsage.newBuilder()
            .setTimestamp(Timestamps.now(clock))
            .setFsId(
                FilesystemIdentifier.newBuilder()
                    .setMountpoint(engine.facts().rootDir().toString()))
            .setUsedBytes(
                UInt64Value.newBuilder()
                    .setValue(images.images().stream().mapToLong(Image::getSize).sum()))
            .build();
    return ImageFsInfoResponse.newBuilder()
        .addImageFilesystems(usage)
        .addContainerFilesystems(usage)
        .build();
  }
}
