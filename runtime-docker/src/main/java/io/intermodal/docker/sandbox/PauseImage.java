package io.intermodal.docker.sandbox;

import com.github.dockerjava.api.DockerClient;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.image.PullImage;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.contract.ImageReference;
import io.intermodal.runtime.node.SandboxImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** Sees to it that the sandbox image is on the engine: loads the built-in one, pulls another. */
public final class PauseImage {
  private final Supplier<DockerClient> docker;
  private final ImageIndex images;
  private final PullImage pull;
  private final SandboxImage image;
  private final SingleFlight<String, Boolean> fetching = new SingleFlight<>();

  public PauseImage(
      Supplier<DockerClient> docker, ImageIndex images, PullImage pull, SandboxImage image) {
    this.docker = docker;
    this.images = images;
    this.pull = pull;
    this.image = image;
  }

  /** Returns the reference to create sandboxes from; no engine call when the image is there. */
  public String ensure(Call call) {
    String reference = image.reference();
    if (images.find(reference).isEmpty()) {
      fetching.run("sandbox image " + reference, call, this::fetch);
    }
    return reference;
  }

  private Boolean fetch(Call call) {
    if (image.builtIn().isPresent()) {
      load(image.builtIn().get());
    } else {
      pull.pull(ImageReference.parse(image.reference()), AuthConfig.getDefaultInstance(), call);
    }
    return Boolean.TRUE;
  }

  private void load(SandboxImage.Archive archive) {
    try (InputStream tar = archive.open()) {
      docker.get().loadImageCmd(tar).exec();
      images.refresh();
    } catch (IOException e) {
      throw new UncheckedIOException("the built-in sandbox image", e);
    } catch (RuntimeException e) {
      throw DockerErrors.of("sandbox image " + image.reference(), e);
    }
  }
}
