package io.intermodal.tests.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.tests.host.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The file system that most test images share, as an archive of {@code docker save}'s form. The
 * shell is dash and the applets are hard links to busybox: Debian's busybox shell would run its
 * applets built in, even when their file is masked or missing.
 */
final class BaseImage {
  /** A user of the image's passwd file, its ids, and a group that lists it as a member. */
  static final String USER_NAME = "reader";

  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final Path DASH = Path.of("/bin/dash");
  private static final Set<String> NOT_LINKED =
      Set.of("busybox", "sh", "ash", "init", "reboot", "halt", "poweroff", "linuxrc");

  private static final List<String> FOLDERS =
      List.of(
          "bin", "dev", "etc", "lib", "lib64", "mnt", "proc", "root", "run", "sys", "usr",
          "usr/bin", "var", "var/log", "home");

  private static final Map<String, String> FILES =
      Map.of(
          "etc/passwd",
          """
          root:x:0:0:root:/root:/bin/sh
          reader:x:1500:1500:reader:/home:/bin/sh
          nobody:x:65534:65534:nobody:/home:/bin/false
          """,
          "etc/group",
          """
          root:x:0:
          reader:x:1500:
          shelf:x:1600:reader
          nogroup:x:65534:
          """,
          "etc/nsswitch.conf",
          "passwd: files\ngroup: files\nhosts: files dns\n");

  /**
   * A file's extended attribute that lets its process bind ports below 1024, as the kernel stores
   * it (VFS_CAP_REVISION_2, effective): what the program in CoreDNS' image carries.
   */
  private static final String MAY_BIND_LOW_PORTS = "\1\0\0\2" + "\0\4\0\0" + "\0\0\0\0".repeat(3);

  private BaseImage() {}

  /** Writes the archive with programs of the tests' own in it. */
  static void write(Path archive, Path echoProgram, Path dnsProgram) throws IOException {
    byte[] layer = layer(echoProgram, dnsProgram);
    JsonObject rootfs = new JsonObject();
    JsonArray layers = new JsonArray();
    layers.add("sha256:" + sha256(layer));
    rootfs.addProperty("type", "layers");
    rootfs.add("diff_ids", layers);
    JsonObject configuration = new JsonObject();
    configuration.addProperty("architecture", architecture());
    configuration.addProperty("os", "linux");
    configuration.addProperty("created", "2023-11-14T22:13:20Z");
    configuration.add("config", new JsonObject());
    configuration.add("rootfs", rootfs);
    JsonObject manifest = new JsonObject();
    JsonArray tags = new JsonArray();
    tags.add("base:1");
    JsonArray layerFiles = new JsonArray();
    layerFiles.add("layer.tar");
    manifest.addProperty("Config", "config.json");
    manifest.add("RepoTags", tags);
    manifest.add("Layers", layerFiles);
    JsonArray manifests = new JsonArray();
    manifests.add(manifest);
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      file(tar, "config.json", configuration.toString().getBytes(StandardCharsets.UTF_8), 0644);
      file(tar, "layer.tar", layer, 0644);
      file(tar, "manifest.json", manifests.toString().getBytes(StandardCharsets.UTF_8), 0644);
    }
  }

  static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  private static byte[] layer(Path echoProgram, Path dnsProgram) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String folder : FOLDERS) {
        folder(tar, folder, 0755);
      }
      folder(tar, "tmp", 01777);
      for (Map.Entry<String, String> file : Map.copyOf(FILES).entrySet()) {
        file(tar, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8), 0644);
      }
      file(tar, "bin/busybox", Files.readAllBytes(BUSYBOX), 0755);
      file(tar, "bin/dash", Files.readAllBytes(DASH), 0755);
      hardLink(tar, "bin/sh", "bin/dash");
      file(tar, "bin/echo-server", Files.readAllBytes(echoProgram), 0755);
      programForLowPorts(tar, "bin/dns-server", Files.readAllBytes(dnsProgram));
      for (String applet : Command.output(BUSYBOX.toString(), "--list").lines().toList()) {
        if (!NOT_LINKED.contains(applet)) {
          hardLink(tar, "bin/" + applet, "bin/busybox");
        }
      }
      for (Path library : libraries(DASH)) {
        file(tar, library.toString().substring(1), Files.readAllBytes(library), 0755);
      }
    }
    return bytes.toByteArray();
  }

  /** What the dynamic linker wants for a program, by the paths that it is known by. */
  static List<Path> libraries(Path program) {
    return Command.output("ldd", program.toString())
        .lines()
        .flatMap(line -> List.of(line.strip().split("\\s+", -1)).stream())
        .filter(word -> word.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  private static void folder(TarArchiveOutputStream tar, String name, int mode) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name + "/");
    entry.setMode(mode);
    put(tar, entry, new byte[0]);
  }

  private static void file(TarArchiveOutputStream tar, String name, byte[] content, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setSize(content.length);
    put(tar, entry, content);
  }

  private static void programForLowPorts(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(0755);
    entry.setSize(content.length);
    entry.addPaxHeader("SCHILY.xattr.security.capability", MAY_BIND_LOW_PORTS);
    put(tar, entry, content);
  }

  private static void hardLink(TarArchiveOutputStream tar, String name, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
    entry.setLinkName(target);
    entry.setMode(0755);
    put(tar, entry, new byte[0]);
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content)
      throws IOException {
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
