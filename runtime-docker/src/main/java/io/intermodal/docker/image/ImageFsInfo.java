package io.intermodal.docker.image;

import io.intermodal.cri.v1.FilesystemIdentifier;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.cri.v1.UInt64Value;
import io.intermodal.docker.api.EngineFacts;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.WritableLayers;
import io.intermodal.docker.index.WritableLayers.Use;
import io.intermodal.runtime.contract.Timestamps;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ImageFsInfo: what the layers of images and the writable layers of our containers take, and the
 * folder that they lie in. Both are on one file system, so both name the same folder.
 *
 * <p>With a storage driver that does not keep layers in folders, and for the moment in which new
 * layers are still being walked, images are counted as Docker says: a layer that several images
 * share for each of them, and no inodes.
 */
public final class ImageFsInfo {
  private final EngineState engine;
  private final ImageIndex images;
  private final ImageLayers imageLayers;
  private final Index index;
  private final WritableLayers writableLayers;
  private final Clock clock;

  public ImageFsInfo(
      EngineState engine,
      ImageIndex images,
      ImageLayers imageLayers,
      Index index,
      WritableLayers writableLayers,
      Clock clock) {
    this.engine = engine;
    this.images = images;
    this.imageLayers = imageLayers;
    this.index = index;
    this.writableLayers = writableLayers;
    this.clock = clock;
  }

  public ImageFsInfoResponse info() {
    EngineFacts facts = engine.facts();
    boolean folders = WritableLayers.folderOfAll(facts).isPresent();
    Optional<Use> ofImages = folders ? imageLayers.use() : Optional.empty();
    FilesystemUsage.Builder imageUsage = usage(facts);
    ofImages.ifPresentOrElse(
        use -> fill(imageUsage, use), () -> imageUsage.setUsedBytes(value(asDockerSays())));
    FilesystemUsage.Builder containerUsage = usage(facts);
    if (folders) {
      fill(containerUsage, writableLayers.useOf(containersAndSandboxes()));
    } else {
      // A kubelet needs a number here.
      containerUsage.setUsedBytes(value(0));
    }
    return ImageFsInfoResponse.newBuilder()
        .addImageFilesystems(imageUsage)
        .addContainerFilesystems(containerUsage)
        .build();
  }

  /** The time is now, however old the walks are: a kubelet takes an old one for no news. */
  private FilesystemUsage.Builder usage(EngineFacts facts) {
    return FilesystemUsage.newBuilder()
        .setTimestamp(Timestamps.now(clock))
        .setFsId(
            FilesystemIdentifier.newBuilder()
                .setMountpoint(
                    WritableLayers.folderOfAll(facts).orElse(facts.rootDir()).toString()));
  }

  private static void fill(FilesystemUsage.Builder usage, Use use) {
    usage.setUsedBytes(value(use.bytes())).setInodesUsed(value(use.inodes()));
  }

  private long asDockerSays() {
    return images.images().stream().mapToLong(Image::getSize).sum();
  }

  private List<String> containersAndSandboxes() {
    List<String> ids = new ArrayList<>();
    index.containers().forEach(container -> ids.add(container.id()));
    index.sandboxes().forEach(sandbox -> ids.add(sandbox.id()));
    return ids;
  }

  private static UInt64Value.Builder value(long value) {
    return UInt64Value.newBuilder().setValue(value);
  }
}
