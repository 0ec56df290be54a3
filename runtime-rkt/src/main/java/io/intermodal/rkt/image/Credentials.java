package io.intermodal.rkt.image;

import com.google.cloud.tools.jib.api.Credential;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.ImageReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CRI's credentials in the form of the registry client. */
final class Credentials {
  private Credentials() {}

  /**
   * The credentials of a request; empty when it has none.
   *
   * @throws CriException INVALID_ARGUMENT when they cannot be read, UNIMPLEMENTED for a token that
   *     a registry has given already
   */
  static Optional<Credential> of(AuthConfig auth, ImageReference image) {
    if (!auth.getRegistryToken().isEmpty()) {
      throw CriException.unimplemented(
          "image %s: registry_token is not supported; give username and password or an identity_token"
              .formatted(image));
    }
    if (!auth.getIdentityToken().isEmpty()) {
      return Optional.of(
          Credential.from(Credential.OAUTH2_TOKEN_USER_NAME, auth.getIdentityToken()));
    }
    if (!auth.getUsername().isEmpty()) {
      return Optional.of(Credential.from(auth.getUsername(), auth.getPassword()));
    }
    if (auth.getAuth().isEmpty()) {
      return Optional.empty();
    }
    String[] pair = decoded(auth.getAuth(), image).split(":", 2);
    if (pair.length < 2) {
      throw badAuth(image, null);
    }
    // Some writers pad the password with zero bytes.
    return Optional.of(Credential.from(pair[0], pair[1].replaceAll("\0+$", "")));
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
        CriException.Code.INVALID_ARGUMENT,
        "image %s: auth.auth is not base64 of user:password".formatted(image),
        cause);
  }
}
