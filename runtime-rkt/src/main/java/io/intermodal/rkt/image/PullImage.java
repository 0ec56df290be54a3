package io.intermodal.rkt.image;

import com.google.gson.JsonObject;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.rkt.answer.Json;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.image.aci.AciFile;
import io.intermodal.rkt.image.registry.Registry;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.contract.ImageReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PullImage: by tag, digest, both or neither ({@code latest}). The same reference asked for twice
 * at once with the same credentials is one pull, and it is given up when nobody waits any more. An
 * image that rkt has already only gets the name.
 */
public final class PullImage {
  private static final Logger log = LoggerFactory.getLogger(PullImage.class);

  private final Rkt rkt;
  private final ImageIndex images;
  private final Path folder;
  private final SingleFlight<Pull, String> pulls = new SingleFlight<>();

  /** What makes two pulls the same. The credentials are compared, never printed. */
  private record Pull(ImageReference image, AuthConfig auth) {
    @Override
    public String toString() {
      return "pull of " + image;
    }
  }

  /**
   * @param folder for what is not rkt's yet; whatever is in it is of a former process
   */
  public PullImage(Rkt rkt, ImageIndex images, Path folder) {
    this.rkt = rkt;
    this.images = images;
    this.folder = folder;
    deleteTree(folder);
  }

  public PullImageResponse pull(PullImageRequest request, Call call) {
    ImageReference image = ImageReference.parse(request.getImage().getImage());
    String id =
        pulls.run(
            new Pull(image, request.getAuth()),
            call,
            under -> pullNow(image, request.getAuth(), under));
    return PullImageResponse.newBuilder().setImageRef(id).build();
  }

  private String pullNow(ImageReference image, AuthConfig auth, Call call) {
    Thread pulling = Thread.currentThread();
    call.onCancel(pulling::interrupt);
    try (Registry registry = Registry.open(image, Credentials.of(auth, image))) {
      Registry.Manifest manifest = registry.manifest();
      if (images.find(manifest.configDigest()).isEmpty()) {
        fetch(image, registry, manifest);
      }
      images.name(manifest.configDigest(), names(image, manifest));
      images.refresh();
      if (images.find(manifest.configDigest()).isEmpty()) {
        throw CriException.notFound(
            "image %s: it was removed while it was pulled".formatted(image));
      }
      return manifest.configDigest();
    } catch (IOException e) {
      throw failed(image, e);
    }
  }

  private static Set<String> names(ImageReference image, Registry.Manifest manifest) {
    Set<String> names = new TreeSet<>();
    names.add(image.familiarName() + "@" + manifest.manifestDigest());
    if (image.digest().isEmpty()) {
      names.add(image.familiar());
    }
    return names;
  }

  private void fetch(ImageReference image, Registry registry, Registry.Manifest manifest)
      throws IOException {
    Files.createDirectories(folder);
    Path work = Files.createTempDirectory(folder, "pull");
    try {
      JsonObject config =
          Json.object(new String(registry.bytes(manifest.configDigest()), StandardCharsets.UTF_8));
      List<Path> layers = new ArrayList<>();
      for (String digest : manifest.layers()) {
        Path layer = work.resolve("layer" + layers.size());
        registry.file(digest, layer);
        layers.add(layer);
      }
      Path archive = work.resolve("image.aci");
      write(
          image,
          new AciFile.Parts(manifest.configDigest(), image.familiarName(), config, layers),
          archive);
      String _ = rkt.fetch("image " + image, archive);
    } finally {
      deleteTree(work);
    }
  }

  private static void write(ImageReference image, AciFile.Parts parts, Path archive) {
    try {
      AciFile.write(parts, archive);
    } catch (IOException | IllegalArgumentException e) {
      throw new CriException(
          Code.UNKNOWN, "image %s: one of its layers is broken: %s".formatted(image, e), e);
    }
  }

  private static CriException failed(ImageReference image, IOException e) {
    return new CriException(
        Code.RESOURCE_EXHAUSTED, "image %s cannot be kept: %s".formatted(image, e), e);
  }

  private static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("folder {} stays behind: {}", folder, e.toString());
    }
  }
}
