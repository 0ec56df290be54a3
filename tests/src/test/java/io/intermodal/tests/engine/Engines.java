package io.intermodal.tests.engine;

import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.opentest4j.TestAbortedException;

/** All engines of a run and what they share: the images. */
public final class Engines implements AutoCloseable {
  private final PrivateFolder folder;
  private final List<Engine> engines = new ArrayList<>();
  private final TestImages images;

  private Engines(PrivateFolder folder, TestImages images) {
    this.folder = folder;
    this.images = images;
  }

  /**
   * The socket of {@code -Dcri.endpoint}; or else the programs of {@code
   * -Dintermodal.tests.dockerd} and {@code -Dintermodal.tests.containerd} (as installed by
   * default), of the same with {@code .newer}, and of {@code -Dintermodal.tests.containerd.old};
   * and CRI-O and rkt as {@link CrioProgram#find} and {@link RktProgram#find} find them.
   */
  public static Engines ofThisHost() {
    PrivateFolder folder = PrivateFolder.create();
    try {
      Engines all = new Engines(folder, TestImages.create(folder.path().resolve("images")));
      all.find();
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void find() {
    String endpoint = System.getProperty("cri.endpoint", "");
    if (!endpoint.isEmpty()) {
      Path socket = Path.of(endpoint.replaceFirst("^unix://", ""));
      add(
          endpoint,
          EnumSet.of(EngineKind.TRANSLATED, EngineKind.FORWARDED, EngineKind.FORWARDED_NEWER),
          inside -> Node.atSocket(socket, images, inside));
      return;
    }
    Optional<DockerProgram> docker =
        program("intermodal.tests.dockerd", "/usr/sbin/dockerd").map(DockerProgram::new);
    docker.ifPresent(this::translated);
    program("intermodal.tests.dockerd.newer", "")
        .map(DockerProgram::new)
        .ifPresent(this::translated);
    Optional<ContainerdProgram> containerd =
        program("intermodal.tests.containerd", "/usr/bin/containerd").map(ContainerdProgram::new);
    containerd.ifPresent(program -> forwarded(program, EngineKind.FORWARDED));
    Optional<ContainerdProgram> newer =
        program("intermodal.tests.containerd.newer", "").map(ContainerdProgram::new);
    newer.ifPresent(program -> forwarded(program, EngineKind.FORWARDED_NEWER));
    program("intermodal.tests.containerd.old", "")
        .map(ContainerdProgram::new)
        .ifPresent(program -> forwarded(program, EngineKind.FORWARDED_OLD));
    CrioProgram.find()
        .ifPresent(program ->
            add(
                "CRI-O " + program.version(),
                Set.of(EngineKind.FORWARDED_CRIO),
                inside -> Node.onCrio(program, images, inside)));
    RktProgram.find()
        .ifPresent(program ->
            add(
                "rkt " + program.version(),
                Set.of(EngineKind.TRANSLATED_RKT),
                inside -> Node.onRkt(program, images, inside)));
    docker.ifPresent(first -> {
      containerd.ifPresent(second -> several(first, second));
      newer.ifPresent(second -> several(first, second));
    });
  }

  private void translated(DockerProgram program) {
    add(
        "Docker " + program.version(),
        Set.of(EngineKind.TRANSLATED),
        inside -> Node.onDocker(program, images, inside));
  }

  private void forwarded(ContainerdProgram program, EngineKind kind) {
    if (Boolean.getBoolean("intermodal.tests.direct")) {
      add(
          "containerd " + program.version() + Engine.DIRECT,
          Set.of(kind),
          inside -> Node.directlyOnContainerd(program, images, inside));
    } else {
      add(
          "containerd " + program.version(),
          Set.of(kind),
          inside -> Node.onContainerd(program, images, inside));
    }
  }

  private void several(DockerProgram docker, ContainerdProgram containerd) {
    add(
        "Docker %s and containerd %s".formatted(docker.version(), containerd.version()),
        Set.of(EngineKind.SEVERAL),
        inside -> Node.onSeveral(docker, containerd, images, inside));
  }

  private void add(String name, Set<EngineKind> kinds, Function<Path, Node> start) {
    int number = engines.size();
    engines.add(
        new Engine(
            name, kinds, inside -> start.apply(folder.path().resolve(number + "-" + inside))));
  }

  private static Optional<Path> program(String property, String otherwise) {
    String path = System.getProperty(property, otherwise);
    return path.isEmpty() || !Files.isExecutable(Path.of(path))
        ? Optional.empty()
        : Optional.of(Path.of(path));
  }

  /** The engines of one of these kinds; one on which each test is skipped when there are none. */
  List<Engine> of(EngineKind... kinds) {
    List<EngineKind> wanted = List.of(kinds);
    List<Engine> found =
        engines.stream().filter(engine -> !Collections.disjoint(engine.kinds(), wanted)).toList();
    return found.isEmpty() ? List.of(nothingOf(wanted)) : found;
  }

  private static Engine nothingOf(List<EngineKind> wanted) {
    return new Engine(
        "no engine",
        Set.copyOf(wanted),
        _ -> {
          throw new TestAbortedException(
              switch (wanted.getFirst()) {
                case TRANSLATED -> "no dockerd here: apt-get install docker.io";
                case FORWARDED -> "no containerd here: apt-get install containerd";
                case FORWARDED_NEWER -> "no -Dintermodal.tests.containerd.newer";
                case FORWARDED_OLD ->
                    "no containerd of v1alpha2 alone: -Dintermodal.tests.containerd.old (Debian's bullseye has one)";
                case FORWARDED_CRIO -> "no crio on the PATH, and no -Dintermodal.tests.crio";
                case TRANSLATED_RKT -> "no rkt on the PATH, and no -Dintermodal.tests.rkt";
                case SEVERAL ->
                    "no dockerd beside a containerd: apt-get install docker.io containerd";
              });
        });
  }

  /** Those that are measured: each alone. */
  public List<Engine> measured() {
    return engines.stream().filter(engine -> !engine.kinds().contains(EngineKind.SEVERAL)).toList();
  }

  @Override
  public void close() {
    for (Engine engine : engines) {
      engine.close();
    }
    images.close();
    folder.close();
  }
}
