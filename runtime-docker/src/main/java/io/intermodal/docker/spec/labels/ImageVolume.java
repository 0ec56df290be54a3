package io.intermodal.docker.spec.labels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An image in the place of a volume, as a container's labels say it: Docker itself is given the
 * image's id, or only a folder of the host.
 *
 * @param containerPath where the container sees it
 * @param imageId the image's id
 * @param image the image as named in the request; without blanks
 * @param subPath the part of it that is seen, "" for all
 */
public record ImageVolume(String containerPath, String imageId, String image, String subPath) {

  /**
   * All that a container has, as labels of it.
   *
   * @param folders whether Docker knows of folders only, so that the images must be held for it
   */
  public static Map<String, String> labels(List<ImageVolume> volumes, boolean folders) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (ImageVolume volume : volumes) {
      labels.put(
          LabelKeys.IMAGE_VOLUME_PREFIX + volume.containerPath,
          "%s %s %s".formatted(volume.imageId, volume.image, volume.subPath));
    }
    if (folders && !volumes.isEmpty()) {
      labels.put(
          LabelKeys.VOLUME_IMAGES,
          volumes.stream().map(ImageVolume::imageId).distinct().collect(Collectors.joining(" ")));
    }
    return labels;
  }

  /** The one that the container sees at this path; empty when something else is there. */
  public static Optional<ImageVolume> at(String containerPath, Map<String, String> labels) {
    String[] parts =
        labels.getOrDefault(LabelKeys.IMAGE_VOLUME_PREFIX + containerPath, "").split(" ", 3);
    return parts.length < 3
        ? Optional.empty()
        : Optional.of(new ImageVolume(containerPath, parts[0], parts[1], parts[2]));
  }

  /** The ids of the images that are held for a container with these labels. */
  public static List<String> images(Map<String, String> labels) {
    String joined = labels.getOrDefault(LabelKeys.VOLUME_IMAGES, "");
    return joined.isEmpty() ? List.of() : List.of(joined.split(" ", -1));
  }
}
