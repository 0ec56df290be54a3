package io.intermodal.rkt.image.registry;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.contract.ImageReference;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One image in a registry. HTTPS, except for a registry on this host, which may speak HTTP. Every
 * digest is checked.
 */
public final class Registry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Registry.class);
  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_SERVER = "registry-1.docker.io";
  private static final int NOT_FOUND = 404;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int LARGEST_CONFIG = 16 << 20;

  private final ImageReference image;
  private final FailoverHttpClient http;
  private final RegistryClient client;

  /**
   * What an image consists of.
   *
   * @param manifestDigest of what the reference leads to: a list if there is one
   * @param configDigest the image's id
   * @param layers the digests of its layers, the lowest first
   */
  public record Manifest(String manifestDigest, String configDigest, List<String> layers) {
    public Manifest {
      layers = List.copyOf(layers);
    }
  }

  private Registry(ImageReference image, FailoverHttpClient http, RegistryClient client) {
    this.image = image;
    this.http = http;
    this.client = client;
  }

  /**
   * Connects and authenticates.
   *
   * @throws CriException PERMISSION_DENIED when the registry does not accept the credentials,
   *     UNAVAILABLE when it cannot be reached
   */
  public static Registry open(ImageReference image, Optional<Credential> credential) {
    boolean local = isLocal(image.registry());
    FailoverHttpClient http =
        new FailoverHttpClient(
            local, local, event -> log.debug("{}: {}", image, event.getMessage()));
    RegistryClient.Factory factory =
        RegistryClient.factory(
            EventHandlers.NONE,
            image.registry().equals(DOCKER_HUB) ? DOCKER_HUB_SERVER : image.registry(),
            image.path(),
            http);
    credential.ifPresent(factory::setCredential);
    Registry registry = new Registry(image, http, factory.newRegistryClient());
    registry.authenticate(credential.isPresent());
    return registry;
  }

  private static boolean isLocal(String registry) {
    String host = registry.replaceAll(":[0-9]+$", "");
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private void authenticate(boolean withCredential) {
    try {
      boolean bearer = client.doPullBearerAuth();
      if (!bearer && withCredential) {
        client.configureBasicAuth();
      }
    } catch (IOException | RegistryException e) {
      throw failure(e);
    }
  }

  /** Asks for the image for this machine. */
  public Manifest manifest() {
    String asked = image.tagOrDigest();
    ManifestAndDigest<ManifestTemplate> first = pull(asked);
    String digest = first.getDigest().toString();
    if (image.digest().isPresent() && !image.digest().get().equals(digest)) {
      throw new CriException(
          Code.UNKNOWN, "image %s: the registry gave one with digest %s".formatted(image, digest));
    }
    ManifestTemplate found = first.getManifest();
    if (found instanceof ManifestListTemplate list) {
      List<String> fitting = list.getDigestsForPlatform(architecture(), "linux");
      if (fitting.isEmpty()) {
        throw CriException.notFound(
            "image %s: its list has none for linux/%s".formatted(image, architecture()));
      }
      found = pull(fitting.getFirst()).getManifest();
    }
    if (!(found instanceof BuildableManifestTemplate manifest)
        || manifest.getContainerConfiguration() == null) {
      throw CriException.unimplemented(
          "image %s: its manifest is of the form %s (expected: Docker's version 2 or OCI's)"
              .formatted(image, found.getManifestMediaType()));
    }
    List<String> layers = new ArrayList<>();
    for (ContentDescriptorTemplate layer : manifest.getLayers()) {
      layers.add(String.valueOf(layer.getDigest()));
    }
    return new Manifest(
        digest, String.valueOf(manifest.getContainerConfiguration().getDigest()), layers);
  }

  private ManifestAndDigest<ManifestTemplate> pull(String tagOrDigest) {
    try {
      return client.pullManifest(tagOrDigest);
    } catch (IOException | RegistryException e) {
      throw failure(e);
    }
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "aarch64" -> "arm64";
      default -> "amd64";
    };
  }

  /** A small blob in memory. */
  public byte[] bytes(String digest) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] b, int off, int len) {
            if (count + len > LARGEST_CONFIG) {
              throw CriException.invalid(
                  "image %s: its configuration is larger than %d bytes"
                      .formatted(image, LARGEST_CONFIG));
            }
            super.write(b, off, len);
          }
        };
    blob(digest, bytes);
    return bytes.toByteArray();
  }

  /** A blob in a file. */
  public void file(String digest, Path file) {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      blob(digest, out);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void blob(String digest, OutputStream into) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      DigestOutputStream checked = new DigestOutputStream(into, sha256);
      var _ =
          client.pullBlob(DescriptorDigest.fromDigest(digest), _ -> {}, _ -> {}).writeTo(checked);
      String actual = "sha256:" + HexFormat.of().formatHex(sha256.digest());
      if (!actual.equals(digest)) {
        throw new CriException(
            Code.UNKNOWN, "image %s: the registry gave %s for %s".formatted(image, actual, digest));
      }
    } catch (DigestException e) {
      throw new CriException(
          Code.UNIMPLEMENTED, "image %s: %s is no SHA-256".formatted(image, digest), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private CriException failure(Exception e) {
    if (Thread.currentThread().isInterrupted() || e instanceof InterruptedIOException) {
      return new CriException(Code.CANCELLED, "image " + image + ": the pull was given up", e);
    }
    Code code =
        e instanceof RegistryUnauthorizedException
            ? Code.PERMISSION_DENIED
            : switch (status(e)) {
              case UNAUTHORIZED, FORBIDDEN -> Code.PERMISSION_DENIED;
              case NOT_FOUND -> Code.NOT_FOUND;
              default -> e instanceof RegistryException ? Code.UNKNOWN : Code.UNAVAILABLE;
            };
    return new CriException(
        code, "image %s: the registry said: %s".formatted(image, firstLine(e)), e);
  }

  /** The status of HTTP behind a failure; 0 when there is none. */
  private static int status(@Nullable Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof ResponseException response) {
        return response.getStatusCode();
      }
    }
    return 0;
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }

  @Override
  public void close() {
    try {
      http.shutDown();
    } catch (IOException e) {
      log.debug("a connection to {} does not end well: {}", image.registry(), e.toString());
    }
  }
}
