package io.intermodal.rkt.image;

import io.intermodal.cri.v1.FilesystemIdentifier;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.cri.v1.UInt64Value;
import io.intermodal.rkt.index.EngineState;
import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.FolderSizes.FolderUse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * ImageFsInfo: what rkt's store and pods take, each a folder of its data directory. While that is
 * not known, or not walked to its end, images are counted as rkt says.
 */
public final class ImageFsInfo {
  private static final Path USUAL_DATA_DIRECTORY = Path.of("/var/lib/rkt");

  private final EngineState engine;
  private final ImageIndex images;
  private final FolderSizes sizes;
  private final Clock clock;

  public ImageFsInfo(EngineState engine, ImageIndex images, FolderSizes sizes, Clock clock) {
    this.engine = engine;
    this.images = images;
    this.sizes = sizes;
    this.clock = clock;
  }

  public ImageFsInfoResponse info() {
    Path data = engine.now().dataDirectory().orElse(USUAL_DATA_DIRECTORY);
    long asRktSays = images.images().stream().mapToLong(Image::getSize).sum();
    return ImageFsInfoResponse.newBuilder()
        .addImageFilesystems(usage(data.resolve("cas"), asRktSays))
        .addContainerFilesystems(usage(data.resolve("pods"), 0))
        .build();
  }

  private FilesystemUsage usage(Path folder, long otherwise) {
    Optional<FolderUse> use = sizes.of(folder);
    FilesystemUsage.Builder usage =
        FilesystemUsage.newBuilder()
            .setTimestamp(Timestamps.now(clock))
            .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(folder.toString()))
            .setUsedBytes(value(use.map(FolderUse::bytes).orElse(otherwise)));
    use.ifPresent(known -> usage.setInodesUsed(value(known.inodes())));
    return usage.build();
  }

  private static UInt64Value.Builder value(long value) {
    return UInt64Value.newBuilder().setValue(value);
  }
}
