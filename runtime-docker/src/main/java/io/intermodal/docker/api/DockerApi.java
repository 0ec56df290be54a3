package io.intermodal.docker.api;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.intermodal.docker.transport.HttpExchange;
import io.intermodal.docker.transport.RequestCounts;
import io.intermodal.docker.transport.UnixHttpClient;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The way to one Docker daemon.
 *
 * <p>The version of the API is agreed upon at every {@link #negotiate}: after each connection,
 * since another daemon may listen on the same path by then.
 */
public final class DockerApi implements AutoCloseable {
  private static final String SCHEME = "unix";
  private static final Duration PING = Duration.ofSeconds(2);

  // It counts all containers, which can wait for each one's lock.
  private static final Duration INFO = Duration.ofSeconds(20);

  private final String endpoint;
  private final UnixHttpClient http;
  private volatile Session session;

  private record Session(ApiVersion version, DockerClient client) {}

  private DockerApi(String endpoint, Path socket) {
    this.endpoint = endpoint;
    this.http = new UnixHttpClient(socket);
    this.session = sessionOf(ApiVersion.OLDEST);
  }

  /**
   * Makes ready to talk to the daemon on this endpoint; it need not be there yet.
   *
   * @param endpoint {@code unix:///var/run/docker.sock}
   * @throws CriException INVALID_ARGUMENT for another kind of endpoint
   */
  public static DockerApi open(String endpoint) {
    URI uri;
    try {
      uri = URI.create(endpoint);
    } catch (IllegalArgumentException e) {
      throw badEndpoint(endpoint);
    }
    String path = uri.getPath();
    if (!SCHEME.equals(uri.getScheme()) || path == null || !path.startsWith("/")) {
      throw badEndpoint(endpoint);
    }
    return new DockerApi(endpoint, Path.of(path));
  }

  private static CriException badEndpoint(String endpoint) {
    return CriException.invalid(
        "docker-endpoint: \"%s\" (expected: unix:///absolute/path)".formatted(endpoint));
  }

  /** The client in the agreed version. Ask for it at each use. */
  public DockerClient client() {
    return session.client();
  }

  /** The client for one caller: its requests end when the caller goes away. */
  public DockerClient client(Call call) {
    return DockerClientImpl.getInstance(settings(session.version()), http.boundTo(call));
  }

  /** How many requests were sent, by RPC and kind. */
  public RequestCounts counts() {
    return http.counts();
  }

  /**
   * Who serves the socket now. Loads a native library when it is called first (some 200 ms).
   *
   * @throws IOException when nobody does
   */
  public PeerIdentity peer() throws IOException {
    return PeerIdentity.of(http.socket());
  }

  /**
   * Asks the daemon who it is and agrees on the version of the API.
   *
   * @throws CriException UNAVAILABLE when it does not answer, UNIMPLEMENTED when it is too old
   */
  public EngineFacts negotiate() {
    try {
      ApiVersion offered = ApiVersion.parse(getText("/version", "ApiVersion"));
      if (offered.compareTo(ApiVersion.OLDEST) < 0) {
        throw CriException.unimplemented(
            "Docker on %s speaks API %s: version %s (Docker 20.10) or newer is needed"
                .formatted(endpoint, offered, ApiVersion.OLDEST));
      }
      ApiVersion agreed = offered.compareTo(ApiVersion.NEWEST) > 0 ? ApiVersion.NEWEST : offered;
      if (!agreed.equals(session.version())) {
        session = sessionOf(agreed);
      }
      DockerClient brief = DockerClientImpl.getInstance(settings(agreed), http.within(INFO));
      return EngineFacts.of(brief.infoCmd().exec(), agreed);
    } catch (RuntimeException e) {
      throw DockerErrors.of("Docker on " + endpoint, e);
    }
  }

  /**
   * Whether the daemon answers within two seconds.
   *
   * @throws UncheckedIOException when it does not
   */
  public void ping() {
    try (Response answer = http.execute(get("/_ping"), PING)) {
      answer.getBody().readAllBytes();
      if (answer.getStatusCode() != 200) {
        throw new IOException("/_ping answered with status " + answer.getStatusCode());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends a request that docker-java has no suitable command for.
   *
   * @param path below the version: {@code /events?…}
   */
  public Response send(String method, String path, byte[] jsonBody) {
    return http.execute(request(method, path, jsonBody));
  }

  /** The same with a limit of the caller's own. */
  public Response send(String method, String path, byte[] jsonBody, Duration limit) {
    return http.execute(request(method, path, jsonBody), limit);
  }

  /** The same for an answer of any length: only silence is bounded. */
  public Response transfer(String method, String path) {
    return http.execute(request(method, path, new byte[0]));
  }

  /** The same with a body that is made while it is sent: a tar. */
  public Response transfer(String method, String path, InputStream tar) {
    return http.execute(
        Request.builder()
            .method(Request.Method.valueOf(method))
            .path("/v" + session.version() + path)
            .putHeader("Content-Type", "application/x-tar")
            .body(tar)
            .build());
  }

  /**
   * The same for a request that is to become a two-way stream; when it did (status 101), {@link
   * HttpExchange#input} is the way to the other side.
   */
  public HttpExchange upgrade(String method, String path, byte[] jsonBody, Call call) {
    return http.upgrade(request(method, path, jsonBody), call);
  }

  private Request request(String method, String path, byte[] jsonBody) {
    Request.Builder request =
        Request.builder()
            .method(Request.Method.valueOf(method))
            .path("/v" + session.version() + path);
    if (jsonBody.length > 0) {
      request.putHeader("Content-Type", "application/json").bodyBytes(jsonBody);
    }
    return request.build();
  }

  private String getText(String path, String key) {
    try (Response answer = http.execute(get(path), PING);
        InputStream body = answer.getBody()) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      JsonElement json = JsonParser.parseString(text);
      return json.getAsJsonObject().get(key).getAsString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Request get(String path) {
    return Request.builder().method(Request.Method.GET).path(path).build();
  }

  private Session sessionOf(ApiVersion version) {
    return new Session(version, DockerClientImpl.getInstance(settings(version), http));
  }

  private ClientSettings settings(ApiVersion version) {
    return new ClientSettings(http.socket(), version);
  }

  @Override
  public void close() {
    http.close();
  }
}
