package io.intermodal.docker.volume;

import com.github.dockerjava.api.command.InspectImageResponse;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folders of an image's layers, as Docker's overlay2 driver keeps them: {@code
 * <root>/overlay2/<layer>/diff}, and beside it a file {@code link} with a short name, under which
 * {@code <root>/overlay2/l} leads to the same folder.
 *
 * @param base {@code <root>/overlay2}
 * @param names short names below base, the uppermost layer first
 */
record ImageLayers(Path base, List<String> names) {
  private static final String DRIVER = "overlay2";

  ImageLayers {
    names = List.copyOf(names);
  }

  /**
   * Reads them.
   *
   * @param object the start of an error's sentence
   * @throws CriException UNIMPLEMENTED for another driver, FAILED_PRECONDITION when the folders
   *     cannot be seen from here, INVALID_ARGUMENT for an image without any
   */
  static ImageLayers of(InspectImageResponse inspected, String object) {
    Map<?, ?> driver = map(inspected.getRawValues().get("GraphDriver"));
    if (!DRIVER.equals(driver.get("Name"))) {
      throw CriException.unimplemented(
          "%s: images of Docker's storage driver %s cannot be volumes; use %s, or Docker 28 or newer"
              .formatted(object, driver.get("Name"), DRIVER));
    }
    List<Path> folders = io.intermodal.docker.image.ImageLayers.of(inspected);
    if (folders.isEmpty()) {
      throw CriException.invalid("%s: the image holds no files".formatted(object));
    }
    return of(folders, object);
  }

  private static ImageLayers of(List<Path> folders, String object) {
    Path base = folders.getFirst().resolve("../..").normalize();
    List<String> names = new ArrayList<>();
    for (Path folder : folders) {
      Path link = folder.resolveSibling("link");
      try {
        names.add("l/" + Files.readString(link, StandardCharsets.US_ASCII).strip());
      } catch (IOException e) {
        throw new CriException(
            Code.FAILED_PRECONDITION,
            "%s: the image's layers cannot be seen from here (%s): run this server where dockerd's root folder is"
                .formatted(object, e),
            e);
      }
    }
    return new ImageLayers(base, names);
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
