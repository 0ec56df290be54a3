package io.intermodal.server.pause;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.intermodal.runtime.node.SandboxImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The built-in sandbox image: {@link PauseProgram} as its only file and its entry point.
 *
 * <p>The tag is the beginning of the image's id, so a name never changes its meaning: a new program
 * is a new image beside the old one, whose pods keep theirs. The same build always makes the same
 * bytes.
 *
 * @param reference {@code localhost/intermodal/pause:<first 12 digits of the id>}
 * @param id the digest of the image's configuration, which is Docker's id of it: {@code sha256:…}
 * @param archive the image as {@code docker save} writes it
 */
public record PauseImage(String reference, String id, ByteString archive) {
  private static final String REPOSITORY = "localhost/intermodal/pause";

  /** Nobody on the host: the program needs no right. The number is the one that others use too. */
  private static final String USER = "65535:65535";

  /** Packs the program that was compiled with this build. */
  public static PauseImage load() {
    return of(PauseProgram.load());
  }

  /** Packs a program. */
  public static PauseImage of(PauseProgram program) {
    ByteString layer = tar(new File("pause", 0755, program.elf()));
    ByteString config = bytes(config(program.architecture(), sha256(layer)));
    String id = sha256(config);
    String reference = REPOSITORY + ":" + id.substring(0, 12);
    ByteString archive =
        tar(
            new File(id + ".json", 0644, config),
            new File("layer.tar", 0644, layer),
            new File("manifest.json", 0644, bytes(manifest(id + ".json", reference))));
    return new PauseImage(reference, "sha256:" + id, archive);
  }

  /** The image as an engine takes it. */
  public SandboxImage sandboxImage() {
    return new SandboxImage(reference, Optional.of(() -> archive.newInput()));
  }

  /** The image's configuration, as the OCI image specification 1.0 describes it. */
  private static JsonObject config(String architecture, String layerDigest) {
    JsonObject labels = new JsonObject();
    labels.addProperty("org.opencontainers.image.title", "Intermodal pause");
    labels.addProperty(
        "org.opencontainers.image.description", "Holds the namespaces of a pod open.");
    labels.addProperty("org.opencontainers.image.licenses", "Apache-2.0");

    JsonObject process = new JsonObject();
    process.add("Entrypoint", array("/pause"));
    process.addProperty("User", USER);
    process.addProperty("WorkingDir", "/");
    process.addProperty("StopSignal", "SIGTERM");
    process.add("Labels", labels);

    JsonObject layers = new JsonObject();
    layers.addProperty("type", "layers");
    layers.add("diff_ids", array("sha256:" + layerDigest));

    JsonObject config = new JsonObject();
    config.addProperty("architecture", architecture);
    config.addProperty("os", "linux");
    config.addProperty("created", "1970-01-01T00:00:00Z");
    config.add("config", process);
    config.add("rootfs", layers);
    return config;
  }

  /** The list of images in an archive: one, with its name. */
  private static JsonArray manifest(String configFile, String reference) {
    JsonObject image = new JsonObject();
    image.addProperty("Config", configFile);
    image.add("RepoTags", array(reference));
    image.add("Layers", array("layer.tar"));
    JsonArray images = new JsonArray();
    images.add(image);
    return images;
  }

  private static JsonArray array(String element) {
    JsonArray array = new JsonArray();
    array.add(element);
    return array;
  }

  private static ByteString bytes(JsonElement json) {
    return ByteString.copyFromUtf8(json.toString());
  }

  private record File(String name, int mode, ByteString content) {}

  private static ByteString tar(File... files) {
    ByteString.Output bytes = ByteString.newOutput();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (File file : files) {
        TarArchiveEntry entry = new TarArchiveEntry(file.name());
        // The library would write down who packed it and when.
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setModTime(0);
        entry.setMode(file.mode());
        entry.setSize(file.content().size());
        tar.putArchiveEntry(entry);
        file.content().writeTo(tar);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a tar in memory could not be written", e);
    }
    return bytes.toByteString();
  }

  private static String sha256(ByteString content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content.asReadOnlyByteBuffer());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
