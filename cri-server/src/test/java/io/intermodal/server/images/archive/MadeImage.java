package io.intermodal.server.images.archive;

import com.github.luben.zstd.Zstd;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.server.images.archive.files.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** An image of a test. */
public final class MadeImage {
  private static final String OCI = "application/vnd.oci.image.";

  private final byte[] config;
  private final List<byte[]> layers;

  private MadeImage(byte[] config, List<byte[]> layers) {
    this.config = config;
    this.layers = layers;
  }

  /** Its configuration. */
  public byte[] config() {
    return config.clone();
  }

  /** The tars of its layers, each with one file. */
  public List<byte[]> layers() {
    return layers;
  }

  /** One for this host, with a layer for each text. */
  public static MadeImage of(String... contents) {
    return on(Platform.ofHost(), contents);
  }

  /** One for another platform. */
  public static MadeImage on(Platform platform, String... contents) {
    List<byte[]> layers = new ArrayList<>();
    JsonArray diffIds = new JsonArray();
    for (String content : contents) {
      byte[] layer = tar(Map.of("file", text(content)));
      layers.add(layer);
      diffIds.add(Digests.of(layer));
    }
    JsonObject rootfs = new JsonObject();
    rootfs.add("diff_ids", diffIds);
    JsonObject config = new JsonObject();
    config.addProperty("os", platform.os());
    config.addProperty("architecture", platform.architecture());
    config.add("rootfs", rootfs);
    return new MadeImage(text(config.toString()), layers);
  }

  /** {@code sha256:…}. */
  public String id() {
    return Digests.of(config);
  }

  /** The files of an archive of {@code docker save}. */
  public Map<String, byte[]> docker(UnaryOperator<byte[]> compression, String... names) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonArray manifest = new JsonArray();
    manifest.add(dockerEntry(files, compression, names));
    files.put("manifest.json", text(manifest.toString()));
    return files;
  }

  /** Adds the files of this image to others, and returns its entry in {@code manifest.json}. */
  public JsonObject dockerEntry(
      Map<String, byte[]> files, UnaryOperator<byte[]> compression, String... names) {
    JsonObject entry = new JsonObject();
    entry.addProperty("Config", Digests.hex(id()) + ".json");
    entry.add("RepoTags", array(names));
    JsonArray layerFiles = new JsonArray();
    for (byte[] layer : layers) {
      String file = Digests.hex(Digests.of(layer)) + "/layer.tar";
      layerFiles.add(file);
      files.put(file, compression.apply(layer));
    }
    entry.add("Layers", layerFiles);
    files.put(Digests.hex(id()) + ".json", config);
    return entry;
  }

  /** The files of an OCI layout; an empty name is none. */
  public Map<String, byte[]> oci(UnaryOperator<byte[]> compression, String name) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JsonObject descriptor = ociManifest(files, compression);
    if (!name.isEmpty()) {
      JsonObject annotations = new JsonObject();
      annotations.addProperty("org.opencontainers.image.ref.name", name);
      descriptor.add("annotations", annotations);
    }
    files.put("oci-layout", text("{\"imageLayoutVersion\":\"1.0.0\"}"));
    files.put("index.json", text(index(descriptor).toString()));
    return files;
  }

  /** Adds the blobs of this image to others, and returns the descriptor of its manifest. */
  public JsonObject ociManifest(Map<String, byte[]> files, UnaryOperator<byte[]> compression) {
    JsonObject manifest = new JsonObject();
    manifest.add("config", blob(files, OCI + "config.v1+json", config));
    JsonArray all = new JsonArray();
    for (byte[] layer : layers) {
      all.add(blob(files, OCI + "layer.v1.tar", compression.apply(layer)));
    }
    manifest.add("layers", all);
    return blob(files, OCI + "manifest.v1+json", text(manifest.toString()));
  }

  /** A list of manifests. */
  public static JsonObject index(JsonObject... descriptors) {
    JsonArray manifests = new JsonArray();
    for (JsonObject descriptor : descriptors) {
      manifests.add(descriptor);
    }
    JsonObject index = new JsonObject();
    index.addProperty("schemaVersion", 2);
    index.add("manifests", manifests);
    return index;
  }

  /** Adds a blob to files, and returns its descriptor. */
  public static JsonObject blob(Map<String, byte[]> files, String mediaType, byte[] content) {
    files.put("blobs/sha256/" + Digests.hex(Digests.of(content)), content);
    JsonObject descriptor = new JsonObject();
    descriptor.addProperty("mediaType", mediaType);
    descriptor.addProperty("digest", Digests.of(content));
    descriptor.addProperty("size", content.length);
    return descriptor;
  }

  private static JsonArray array(String... texts) {
    JsonArray array = new JsonArray();
    for (String text : texts) {
      array.add(text);
    }
    return array;
  }

  /** UTF-8. */
  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A tar of these files; a content that begins with {@code ->} is a symbolic link's. */
  public static byte[] tar(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        String beginning = new String(file.getValue(), StandardCharsets.ISO_8859_1);
        boolean link = beginning.startsWith("->");
        TarArchiveEntry entry =
            link
                ? new TarArchiveEntry(file.getKey(), TarConstants.LF_SYMLINK)
                : new TarArchiveEntry(file.getKey(), true);
        if (link) {
          entry.setLinkName(beginning.substring(2));
        } else {
          entry.setSize(file.getValue().length);
        }
        entry.setModTime(0L);
        tar.putArchiveEntry(entry);
        tar.write(link ? new byte[0] : file.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Compressed with gzip. */
  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Compressed with zstd. */
  public static byte[] zstd(byte[] content) {
    return Zstd.compress(content);
  }
}
