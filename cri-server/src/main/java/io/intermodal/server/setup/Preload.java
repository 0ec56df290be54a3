package io.intermodal.server.setup;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.images.ImageArchive.ArchivedImage;
import io.intermodal.server.config.Settings;
import io.intermodal.server.images.ImageLoading;
import io.intermodal.server.images.progress.Progress;
import io.intermodal.server.setup.change.Narrator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Archives of images that are loaded before pods are made, so that those need no registry.
 *
 * @param node whose engine gets them
 * @param narrator is told which were loaded
 */
record Preload(NodeInHand node, Narrator narrator) {
  /**
   * Loads them into an engine; those that it has already are no harm.
   *
   * @throws IOException when an archive cannot be read
   */
  void into(ContainerEngine engine, List<Path> archives) throws IOException {
    Path work = ImageLoading.workFolder(node.configuration().get(Settings.STATE_DIR));
    ImageLoading loading = new ImageLoading(work, Progress.NONE, narrator::done);
    for (Path archive : archives) {
      narrator.began("loading " + archive);
      List<ImageLoading.Target> target =
          List.of(
              new ImageLoading.Target(
                  engine.name(), engine.imageArchives(node.config(engine), work)));
      for (ArchivedImage image : loading.load(archive, Optional.empty(), target)) {
        image.names().forEach(name -> narrator.done("loaded " + name));
      }
    }
  }
}
