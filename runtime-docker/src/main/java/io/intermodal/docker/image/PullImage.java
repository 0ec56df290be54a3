package io.intermodal.docker.image;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.command.PullImageResultCallback;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.contract.ImageReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * PullImage: by tag, digest, both or neither ({@code latest}). The same reference asked for twice
 * at once with the same credentials is one pull, and it is given up when nobody waits any more.
 */
public final class PullImage {
  private final Function<Call, DockerClient> docker;
  private final BooleanSupplier rootListens;
  private final ImageIndex images;
  private final SingleFlight<Pull, String> pulls = new SingleFlight<>();

  /** What makes two pulls the same. The credentials are compared, never printed. */
  private record Pull(ImageReference image, AuthConfig auth) {
    @Override
    public String toString() {
      return "pull of " + image;
    }
  }

  /**
   * Pulls through a client of each caller's own.
   *
   * @param docker gives the client whose requests end when the caller goes away; Docker then stops
   *     pulling
   * @param rootListens whether the engine's socket is served by root: only then are credentials
   *     sent to it
   */
  public PullImage(
      Function<Call, DockerClient> docker, BooleanSupplier rootListens, ImageIndex images) {
    this.docker = docker;
    this.rootListens = rootListens;
    this.images = images;
  }

  public PullImageResponse pull(PullImageRequest request, Call call) {
    ImageReference image = ImageReference.parse(request.getImage().getImage());
    return PullImageResponse.newBuilder().setImageRef(pull(image, request.getAuth(), call)).build();
  }

  /** Pulls and returns the id. */
  public String pull(ImageReference image, AuthConfig auth, Call call) {
    return pulls.run(new Pull(image, auth), call, under -> pullNow(image, auth, under));
  }

  private String pullNow(ImageReference image, AuthConfig auth, Call call) {
    String object = "image " + image;
    try (PullImageResultCallback progress = new PullImageResultCallback()) {
      PullImageCmd command =
          docker.apply(call).pullImageCmd(image.familiarName()).withTag(image.tagOrDigest());
      if (!auth.equals(AuthConfig.getDefaultInstance())) {
        refuseUnlessRootListens(object);
        command.withAuthConfig(credentials(auth, image));
      }
      command.exec(progress);
      call.onCancel(() -> abort(progress));
      progress.awaitCompletion();
      if (call.cancelled()) {
        throw new CriException(Code.CANCELLED, object + ": nobody waits for the pull any more");
      }
      images.refresh();
      return images
          .find(image.familiar())
          .orElseThrow(() -> CriException.notFound(object + ": it was removed while it was pulled"))
          .getId();
    } catch (CriException e) {
      throw e;
    } catch (RuntimeException e) {
      throw DockerErrors.of(object, e);
    } catch (IOException e) {
      throw DockerErrors.of(object, new UncheckedIOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, object + ": the pull was interrupted", e);
    }
  }

  private void refuseUnlessRootListens(String object) {
    if (!rootListens.getAsBoolean()) {
      throw new CriException(
          Code.PERMISSION_DENIED,
          object
              + ": the process behind Docker's socket is not root's, so the registry's credentials"
              + " are not sent to it: check --docker-endpoint");
    }
  }

  private static void abort(PullImageResultCallback progress) {
    try {
      progress.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CRI's credentials in Docker's form: {@code auth} is base64 of {@code user:password}. */
  private static com.github.dockerjava.api.model.AuthConfig credentials(
      AuthConfig auth, ImageReference image) {
    var credentials =
        new com.github.dockerjava.api.model.AuthConfig()
            .withRegistryAddress(
                auth.getServerAddress().isEmpty() ? image.registry() : auth.getServerAddress());
    if (!auth.getIdentityToken().isEmpty()) {
      credentials.withIdentityToken(auth.getIdentityToken());
    }
    if (!auth.getRegistryToken().isEmpty()) {
      credentials.withRegistrytoken(auth.getRegistryToken());
    }
    if (!auth.getUsername().isEmpty()) {
      return credentials.withUsername(auth.getUsername()).withPassword(auth.getPassword());
    }
    if (!auth.getAuth().isEmpty()) {
      String[] pair = decoded(auth.getAuth(), image).split(":", 2);
      if (pair.length < 2) {
        throw badAuth(image, null);
      }
      // Some writers pad the password with zero bytes.
      credentials.withUsername(pair[0]).withPassword(pair[1].replaceAll("\0+$", ""));
    }
    return credentials;
  }

  private static String decoded(String auth, ImageReference image) {
    try {
      return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw badAuth(image, e);
    }
  }

  private static CriException badAuth(ImageReference image, @Nullable Throwable cause) {
    return new CriException(
        Code.INVALID_ARGUMENT,
        "image %s: auth.auth is not base64 of user:password".formatted(image),
        cause);
  }
}
