package io.intermodal.tests.suite.archive;

import com.github.luben.zstd.Zstd;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.tests.image.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarFile;

/** An image that no other test knows and no registry has: busybox and dash in one layer. */
final class ArchivedImage {
  private static final String OCI = "application/vnd.oci.image.";

  private final String name;
  private final byte[] config;
  private final byte[] layer;

  private ArchivedImage(String name, byte[] config, byte[] layer) {
    this.name = name;
    this.config = config;
    this.layer = layer;
  }

  /** With its tag. */
  String name() {
    return name;
  }

  /** One for this host. */
  static ArchivedImage make(TestImages images) {
    return make(images, System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
  }

  /** One that says it is for an architecture. */
  static ArchivedImage make(TestImages images, String architecture) {
    String unique = UUID.randomUUID().toString();
    byte[] layer = layer(images.baseArchive());
    JsonObject labels = new JsonObject();
    labels.addProperty("unique", unique);
    JsonArray environment = new JsonArray();
    environment.add("PATH=/bin:/usr/bin");
    JsonObject process = new JsonObject();
    process.add("Labels", labels);
    process.add("Env", environment);
    JsonArray layers = new JsonArray();
    layers.add("sha256:" + sha256(layer));
    JsonObject rootfs = new JsonObject();
    rootfs.addProperty("type", "layers");
    rootfs.add("diff_ids", layers);
    JsonObject config = new JsonObject();
    config.addProperty("architecture", architecture);
    config.addProperty("os", "linux");
    config.addProperty("created", "2023-11-14T22:13:20Z");
    config.add("config", process);
    config.add("rootfs", rootfs);
    return new ArchivedImage("archive.test/" + unique + ":1", bytes(config.toString()), layer);
  }

  private static byte[] layer(Path archive) {
    try (TarFile tar = new TarFile(archive)) {
      TarArchiveEntry layer =
          tar.getEntries().stream()
              .filter(entry -> entry.getName().equals("layer.tar"))
              .findFirst()
              .orElseThrow();
      return tar.getInputStream(layer).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As CRI names it, without {@code sha256:} before it. */
  String id() {
    return sha256(config);
  }

  /** The same image with a layer that its configuration does not mean. */
  ArchivedImage broken() {
    byte[] changed = layer.clone();
    changed[changed.length / 2] ^= 1;
    return new ArchivedImage(name, config, changed);
  }

  /** For a container of it. */
  TestImages.Image reference() {
    int colon = name.lastIndexOf(':');
    return new TestImages.Image(
        name.substring(0, colon), name.substring(colon + 1), "", "sha256:" + id());
  }

  /** Several in one archive of {@code docker save}'s form. */
  static Path dockerArchive(Path file, List<ArchivedImage> images) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonArray manifest = new JsonArray();
    for (ArchivedImage image : images) {
      JsonArray names = new JsonArray();
      names.add(image.name());
      JsonArray layers = new JsonArray();
      layers.add(image.id() + "/layer.tar");
      JsonObject entry = new JsonObject();
      entry.addProperty("Config", image.id() + ".json");
      entry.add("RepoTags", names);
      entry.add("Layers", layers);
      manifest.add(entry);
      files.put(image.id() + "/layer.tar", image.layer);
      files.put(image.id() + ".json", image.config);
    }
    files.put("manifest.json", bytes(manifest.toString()));
    return write(file, tar(files));
  }

  /** An OCI archive that is compressed with gzip and has its layer compressed with zstd. */
  Path ociArchive(Path file) {
    return write(file, gzip(tar(oci(Zstd.compress(layer), "layer.v1.tar+zstd"))));
  }

  /** An OCI layout folder whose layer is compressed with gzip. */
  Path ociLayout(Path folder) {
    oci(gzip(layer), "layer.v1.tar+gzip")
        .forEach((name, content) -> write(folder.resolve(name), content));
    return folder;
  }

  private Map<String, byte[]> oci(byte[] compressed, String type) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonArray layers = new JsonArray();
    layers.add(blob(files, type, compressed));
    JsonObject manifest = new JsonObject();
    manifest.addProperty("schemaVersion", 2);
    manifest.add("config", blob(files, "config.v1+json", config));
    manifest.add("layers", layers);
    JsonObject descriptor = blob(files, "manifest.v1+json", bytes(manifest.toString()));
    JsonObject annotations = new JsonObject();
    annotations.addProperty("org.opencontainers.image.ref.name", name);
    descriptor.add("annotations", annotations);
    JsonArray manifests = new JsonArray();
    manifests.add(descriptor);
    JsonObject index = new JsonObject();
    index.addProperty("schemaVersion", 2);
    index.add("manifests", manifests);
    files.put("index.json", bytes(index.toString()));
    files.put("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
    return files;
  }

  private static JsonObject blob(Map<String, byte[]> files, String type, byte[] content) {
    String digest = sha256(content);
    files.put("blobs/sha256/" + digest, content);
    JsonObject descriptor = new JsonObject();
    descriptor.addProperty("mediaType", OCI + type);
    descriptor.addProperty("digest", "sha256:" + digest);
    descriptor.addProperty("size", content.length);
    return descriptor;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Path write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] tar(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
