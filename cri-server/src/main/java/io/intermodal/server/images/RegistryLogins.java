package io.intermodal.server.images;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The logins of {@code docker login} in {@code config.json}. Those that a credential helper keeps
 * are not in it.
 */
public final class RegistryLogins {
  private static final String DOCKER_HUB = "docker.io";
  private static final String NAME_OF_DOCKER_HUB = "index.docker.io";

  private final Path file;
  private final JsonObject logins;

  private RegistryLogins(Path file, JsonObject logins) {
    this.file = file;
    this.logins = logins;
  }

  /** Where Docker's client has them: below {@code DOCKER_CONFIG}, or in the home folder. */
  public static Path usualFile(Map<String, String> environment) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    return folder.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker", "config.json")
        : Path.of(folder, "config.json");
  }

  /**
   * Reads a file.
   *
   * @throws CriException INVALID_ARGUMENT when it is no such file
   * @throws IOException when it cannot be read
   */
  public static RegistryLogins read(Path file) throws IOException {
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      JsonElement logins = json.get("auths");
      return new RegistryLogins(file, logins == null ? new JsonObject() : logins.getAsJsonObject());
    } catch (JsonParseException | IllegalStateException e) {
      // Whatever is in it can be a password: it is not repeated.
      throw CriException.invalid("%s is no config.json of Docker".formatted(file));
    }
  }

  /** A user and a password as they are typed. */
  public static AuthConfig of(String user, String password) {
    return AuthConfig.newBuilder().setUsername(user).setPassword(password).build();
  }

  /** The login for an image's registry; empty when there is none. */
  public Optional<AuthConfig> of(ImageReference image) {
    for (Map.Entry<String, JsonElement> login : logins.entrySet()) {
      if (host(login.getKey()).equals(image.registry())) {
        return login(login.getKey(), login.getValue());
      }
    }
    return Optional.empty();
  }

  /** Keys are hosts, or addresses with a scheme and a path. */
  private static String host(String key) {
    String host = key.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return host.equals(NAME_OF_DOCKER_HUB) ? DOCKER_HUB : host;
  }

  private Optional<AuthConfig> login(String key, JsonElement value) {
    try {
      JsonObject login = value.getAsJsonObject();
      if (login.has("identitytoken")) {
        return Optional.of(
            AuthConfig.newBuilder()
                .setIdentityToken(login.get("identitytoken").getAsString())
                .build());
      }
      if (login.has("auth") && !login.get("auth").getAsString().isEmpty()) {
        return Optional.of(decoded(login.get("auth").getAsString()));
      }
      return login.has("username")
          ? Optional.of(
              of(login.get("username").getAsString(), login.get("password").getAsString()))
          : Optional.empty();
    } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
      throw CriException.invalid("%s: the login for %s is broken".formatted(file, key));
    }
  }

  private static AuthConfig decoded(String auth) {
    String pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not user:password");
    }
    return of(pair.substring(0, colon), pair.substring(colon + 1));
  }
}
