package io.intermodal.server.images;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.client.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images of a CRI server.
 *
 * @param cri the server
 * @param engine which of its engines is meant, as a RuntimeClass would name it; empty for a server
 *     with one, and for whichever has the image
 */
public record NodeImages(CriClient cri, String engine) {
  private static final Duration BRIEF = Duration.ofSeconds(30);

  /** A kubelet waits as long for the first sign of a pull. */
  private static final Duration PULL = Duration.ofHours(1);

  private static final Duration SEEN = Duration.ofSeconds(20);

  /** All images, in no order. */
  public List<Image> list() {
    return cri.images(
            Deadline.in(BRIEF),
            "ListImages",
            images -> images.listImages(ListImagesRequest.getDefaultInstance()))
        .getImagesList();
  }

  /** An image by name or id. */
  public Optional<Image> find(String nameOrId) {
    return find(Deadline.in(BRIEF), nameOrId);
  }

  private Optional<Image> find(Deadline deadline, String nameOrId) {
    ImageStatusRequest request = ImageStatusRequest.newBuilder().setImage(spec(nameOrId)).build();
    var answer = cri.images(deadline, "ImageStatus", images -> images.imageStatus(request));
    return answer.hasImage() ? Optional.of(answer.getImage()) : Optional.empty();
  }

  /**
   * The same for one that has to be there.
   *
   * @throws CriException NOT_FOUND
   */
  public Image get(String nameOrId) {
    return find(nameOrId)
        .orElseThrow(() ->
            CriException.notFound(
                "%s: there is no such image here (intermodal image ls shows them)"
                    .formatted(nameOrId)));
  }

  /**
   * Waits until the server shows an image that its engine has got in another way.
   *
   * @throws CriException when it does not
   */
  public Image seen(String name) {
    Deadline deadline = Deadline.in(SEEN);
    while (!deadline.passed()) {
      Optional<Image> found = find(deadline.orIn(BRIEF), name);
      if (found.isPresent()) {
        return found.get();
      }
      Deadline.pause();
    }
    throw new CriException(
        Code.UNKNOWN,
        "%s: the engine has loaded it, and the server does not show it".formatted(name));
  }

  /**
   * Pulls an image.
   *
   * @return its id
   * @throws CriException in words for people
   */
  public String pull(String name, AuthConfig auth) {
    PullImageRequest.Builder asked = PullImageRequest.newBuilder().setImage(spec(name));
    boolean withLogin = !auth.equals(AuthConfig.getDefaultInstance());
    PullImageRequest request = (withLogin ? asked.setAuth(auth) : asked).build();
    try {
      return cri.images(Deadline.in(PULL), "PullImage", images -> images.pullImage(request))
          .getImageRef();
    } catch (CriException e) {
      throw explained(name, withLogin, e);
    }
  }

  /** Engines differ in their codes more than in their words. */
  private static CriException explained(String name, boolean withPassword, CriException e) {
    if (!(e.getCause() instanceof StatusRuntimeException answer)
        || answer.getStatus().getDescription() == null
        || e.code() == Code.UNAVAILABLE) {
      return e;
    }
    String said = answer.getStatus().getDescription();
    String text = said.toLowerCase(Locale.ROOT);
    if (e.code() == Code.PERMISSION_DENIED
        || Stream.of("unauthorized", "authorization failed", "authentication required")
            .anyMatch(text::contains)) {
      String cure =
          withPassword ? "check user and password" : "give --creds USER:PASSWORD or --auth-file";
      return new CriException(
          Code.PERMISSION_DENIED,
          "%s: the registry refuses: %s (%s)".formatted(name, cure, said),
          e);
    }
    if (e.code() == Code.NOT_FOUND || text.contains("manifest unknown")) {
      return new CriException(
          Code.NOT_FOUND, "%s: the registry has no such image (%s)".formatted(name, said), e);
    }
    return new CriException(e.code(), said.contains(name) ? said : name + ": " + said, e);
  }

  /**
   * Removes an image that is there; of several names it depends on the engine what goes. Of several
   * engines it is removed from each that has it, unless one is meant.
   */
  public void remove(String nameOrId) {
    RemoveImageRequest request = RemoveImageRequest.newBuilder().setImage(spec(nameOrId)).build();
    var _ = cri.images(Deadline.in(BRIEF), "RemoveImage", images -> images.removeImage(request));
  }

  private ImageSpec spec(String image) {
    return ImageSpec.newBuilder().setImage(image).setRuntimeHandler(engine).build();
  }
}
