package io.intermodal.tests.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import io.intermodal.server.pause.PauseProgram;
import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** The images in the registry, by what is special about them. */
public final class TestImages implements AutoCloseable {
  /** Ids of the user that {@link #userName()} names, and of a group that lists it. */
  public static final long NAMED_UID = 1500;

  public static final long NAMED_GID = 1500;
  public static final long NAMED_EXTRA_GID = 1600;

  /** Ids that {@link #userId()} gives as numbers. */
  public static final long NUMBERED_UID = 1234;

  public static final long NUMBERED_GID = 2345;

  /** The path in an image's VOLUME. */
  public static final String VOLUME = "/kept";

  private static final Path NGINX = Path.of("/usr/sbin/nginx");

  private final Registry registry;
  private final Registry locked;
  private final Path folder;
  private final Image busybox;
  private final Image twin;
  private final Image other;
  private final Image userId;
  private final Image userName;
  private final Image declared;
  private final Image pause;
  private @Nullable Image nginx;

  /**
   * An image in the registry.
   *
   * @param repository registry and name, without tag
   * @param tag one of its tags
   * @param digest of the manifest: {@code sha256:…}
   * @param id digest of its configuration: {@code sha256:…}
   */
  public record Image(String repository, String tag, String digest, String id) {
    public String byTag() {
      return repository + ":" + tag;
    }

    public String byDigest() {
      return repository + "@" + digest;
    }

    public String byTagAndDigest() {
      return byTag() + "@" + digest;
    }
  }

  /** Starts the registries, makes the images and pushes them. */
  public static TestImages create(Path folder) throws IOException {
    return new TestImages(folder);
  }

  private TestImages(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    System.setProperty("sendCredentialsOverHttp", "true");
    System.setProperty("jib.useOnlyProjectCache", "true");
    Path storage = folder.resolve("storage");
    registry = Registry.open(folder.resolve("open"), storage);
    locked = Registry.locked(folder.resolve("locked"), storage);
    BaseImage.write(folder.resolve("base.tar"), compiled("echo"), compiled("dns"));

    busybox = push("suite/busybox", image -> image, "1", "2", "latest");
    twin = push("twin/busybox", image -> image, "1");
    other = push("suite/busybox", image -> image.addLabel("is", "another"), "other");
    userId = push("suite/user-id", image -> image.setUser(NUMBERED_UID + ":" + NUMBERED_GID), "1");
    userName = push("suite/user-name", image -> image.setUser(BaseImage.USER_NAME), "1");
    declared =
        push(
            "suite/declared",
            image ->
                image
                    .setEntrypoint("/bin/echo", "entrypoint")
                    .setProgramArguments("from-image")
                    .setWorkingDirectory(AbsoluteUnixPath.get("/usr"))
                    .setEnvironment(Map.of("FROM_IMAGE", "yes", "PATH", "/bin"))
                    .setVolumes(AbsoluteUnixPath.get(VOLUME)),
            "1");
    pause = pushPause();
  }

  private Path compiled(String name) {
    Path program = folder.resolve(name);
    Path source = Path.of("src/test/c", name + ".c").toAbsolutePath();
    Command.output("gcc", "-static", "-Os", "-s", "-o", program.toString(), source.toString());
    return program;
  }

  /** The program of our own sandbox image, for engines that pull theirs. */
  private Image pushPause() throws IOException {
    Path program = folder.resolve("pause");
    Files.write(program, PauseProgram.load().elf().toByteArray());
    FileEntriesLayer layer =
        FileEntriesLayer.builder()
            .addEntry(
                program, AbsoluteUnixPath.get("/pause"), FilePermissions.fromOctalString("755"))
            .build();
    return containerize(
        Jib.fromScratch()
            .setPlatforms(Set.of(new Platform(BaseImage.architecture(), "linux")))
            .addFileEntriesLayer(layer)
            .setEntrypoint("/pause"),
        "suite/pause",
        "1");
  }

  /** What holds a pod's namespaces. */
  public Image pause() {
    return pause;
  }

  /** Busybox and dash; tags 1, 2 and latest. */
  public Image busybox() {
    return busybox;
  }

  /** The same image as {@link #busybox()} under another name. */
  public Image twin() {
    return twin;
  }

  /** Another image under busybox's name. */
  public Image other() {
    return other;
  }

  /** USER is a uid and a gid. */
  public Image userId() {
    return userId;
  }

  /** USER is a name of its passwd file. */
  public Image userName() {
    return userName;
  }

  /** ENTRYPOINT, CMD, WORKDIR, ENV and VOLUME are set. */
  public Image declared() {
    return declared;
  }

  /** The file system of most of them, as an archive of {@code docker save}'s form. */
  public Path baseArchive() {
    return folder.resolve("base.tar");
  }

  /**
   * Debian's nginx in busybox; it wants a configuration. It is made when the first test asks, and
   * the test is skipped on a host without nginx.
   */
  public synchronized Image nginx() {
    Image made = nginx;
    if (made == null) {
      if (!Files.isExecutable(NGINX)) {
        throw new TestAbortedException("no nginx here: apt-get install nginx-light");
      }
      made = push("suite/nginx", this::addNginx, "1");
      nginx = made;
    }
    return made;
  }

  private JibContainerBuilder addNginx(JibContainerBuilder image) {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder();
    try {
      Path noLog = Files.createDirectories(folder.resolve("nginx-log"));
      layer.addEntry(noLog, AbsoluteUnixPath.get("/var/log/nginx"));
      for (Path file :
          Stream.concat(Stream.of(NGINX), BaseImage.libraries(NGINX).stream()).toList()) {
        layer.addEntry(
            file.toRealPath(),
            AbsoluteUnixPath.fromPath(file),
            FilePermissions.fromOctalString("755"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return image.addFileEntriesLayer(layer.build()).setEntrypoint(NGINX.toString());
  }

  /** An image that no other test knows; it holds no program. Tags 1 and 2. */
  public Image unique() {
    String content = UUID.randomUUID().toString();
    try {
      Path file = Files.writeString(Files.createTempFile(folder, "unique", ".txt"), content);
      JibContainerBuilder image =
          Jib.fromScratch()
              .setPlatforms(Set.of(new Platform(BaseImage.architecture(), "linux")))
              .addLayer(List.of(file), AbsoluteUnixPath.get("/"))
              .addLabel("unique", content);
      return containerize(image, "unique/" + content, "1", "2");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * An image that no other test knows, of two layers without a program. In {@code /data} the lower
   * one has {@code low}, {@code both} and {@code gone}; the upper one has {@code both}, {@code
   * sub/file} and the mark that takes {@code gone} away. Each file holds the name of its layer.
   */
  public Image layered() {
    String name = UUID.randomUUID().toString();
    try {
      Path low = Files.writeString(folder.resolve(name + "-low"), "low");
      Path up = Files.writeString(folder.resolve(name + "-up"), "up");
      JibContainerBuilder image =
          Jib.fromScratch()
              .setPlatforms(Set.of(new Platform(BaseImage.architecture(), "linux")))
              .addFileEntriesLayer(layer(low, "low", "both", "gone"))
              .addFileEntriesLayer(layer(up, "both", "sub/file", ".wh.gone"))
              .addLabel("unique", name);
      return containerize(image, "layered/" + name, "1");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FileEntriesLayer layer(Path content, String... names) {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder();
    for (String name : names) {
      layer.addEntry(content, AbsoluteUnixPath.get("/data/" + name));
    }
    return layer.build();
  }

  /** The image's name in the registry that asks for {@link Registry#USER}'s password. */
  public String behindPassword(Image image) {
    return image.byTag().replace(registry.address(), locked.address());
  }

  /** The addresses of the registries, which speak plain HTTP. */
  public List<String> registries() {
    return List.of(registry.address(), locked.address());
  }

  /** The port of the registry on loopback. */
  public int port() {
    return registry.port();
  }

  /** A name in the registry that has no image. */
  public String missing() {
    return registry.address() + "/suite/missing:1";
  }

  private Image push(
      String name, UnaryOperator<JibContainerBuilder> special, String tag, String... moreTags) {
    JibContainerBuilder image =
        special.apply(
            Jib.from(TarImage.at(folder.resolve("base.tar")))
                .setPlatforms(Set.of(new Platform(BaseImage.architecture(), "linux")))
                .addEnvironmentVariable("PATH", "/bin:/usr/bin"));
    return containerize(image, name, tag, moreTags);
  }

  private Image containerize(
      JibContainerBuilder image, String name, String tag, String... moreTags) {
    String repository = registry.address() + "/" + name;
    try {
      Containerizer target =
          Containerizer.to(RegistryImage.named(repository + ":" + tag))
              .setAllowInsecureRegistries(true)
              .setBaseImageLayersCache(folder.resolve("cache"))
              .setApplicationLayersCache(folder.resolve("cache"))
              .setToolName("tests");
      for (String more : moreTags) {
        target = target.withAdditionalTag(more);
      }
      JibContainer made = image.setFormat(ImageFormat.Docker).containerize(target);
      return new Image(repository, tag, made.getDigest().toString(), made.getImageId().toString());
    } catch (InvalidImageReferenceException
        | CacheDirectoryCreationException
        | RegistryException
        | IOException
        | ExecutionException e) {
      throw new IllegalStateException("image " + repository, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    registry.close();
    locked.close();
  }
}
