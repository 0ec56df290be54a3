package io.intermodal.docker.image;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonStreamParser;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.images.ImageArchive;
import io.intermodal.runtime.images.ImageArchives;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Docker's images as archives. A layer that was loaded for an image that then cannot be is taken
 * away by Docker itself.
 */
public final class DockerImageArchives implements ImageArchives {
  private static final int OK = 200;
  private static final int LONGEST_REFUSAL = 64 * 1024;

  private final Supplier<DockerApi> connecting;

  /**
   * @param connecting makes a connection for one call, which is closed after it
   */
  public DockerImageArchives(Supplier<DockerApi> connecting) {
    this.connecting = connecting;
  }

  /** Docker tells how far it is, so that there is no silence while it unpacks what it got. */
  @Override
  public void load(ImageArchive archive) throws IOException {
    try (DockerApi docker = connecting.get();
        InputStream tar = archive.open()) {
      var _ = docker.negotiate();
      try (Response answer = docker.transfer("POST", "/images/load?quiet=0", tar)) {
        requireOk("images", answer);
        readProgress(answer);
      }
    } catch (RuntimeException e) {
      throw DockerErrors.of("images", e);
    }
  }

  /** Docker answers that all is well before it begins; what goes wrong then is told in between. */
  private static void readProgress(Response answer) throws IOException {
    try (Reader text = new InputStreamReader(answer.getBody(), StandardCharsets.UTF_8)) {
      JsonStreamParser told = new JsonStreamParser(text);
      while (told.hasNext()) {
        JsonElement line = told.next();
        if (line instanceof JsonObject object && object.has("error")) {
          throw refused(object.get("error").getAsString());
        }
      }
    } catch (JsonParseException e) {
      if (e.getCause() instanceof IOException broken) {
        throw new UncheckedIOException(broken);
      }
      throw new CriException(Code.UNKNOWN, "images: Docker's answer is no JSON", e);
    }
  }

  private static CriException refused(String said) {
    boolean full = said.toLowerCase(Locale.ROOT).contains("no space left on device");
    return new CriException(
        full ? Code.RESOURCE_EXHAUSTED : Code.UNKNOWN, "images: Docker said: " + said);
  }

  @Override
  public void save(String id, OutputStream into) throws IOException {
    try (DockerApi docker = connecting.get()) {
      var _ = docker.negotiate();
      try (Response answer = docker.transfer("GET", "/images/" + id + "/get");
          InputStream tar = answer.getBody()) {
        requireOk("image " + id, answer);
        long _ = tar.transferTo(into);
      }
    } catch (RuntimeException e) {
      throw DockerErrors.of("image " + id, e);
    }
  }

  private static void requireOk(String object, Response answer) throws IOException {
    if (answer.getStatusCode() != OK) {
      byte[] said = answer.getBody().readNBytes(LONGEST_REFUSAL);
      throw DockerErrors.refused(
          object, answer.getStatusCode(), new String(said, StandardCharsets.UTF_8));
    }
  }
}
