package io.intermodal.crio.setup;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.EnginePlan;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A node with a CRI-O that exists here alone, and what is wished of it. */
final class MadeUpNode implements NodeFiles {
  private static final Path MAIN = Path.of("/etc/crio/crio.conf");
  private static final Path DROP_INS = Path.of("/etc/crio/crio.conf.d");

  private final Map<Path, String> files = new HashMap<>();
  private final Set<Path> programs = new HashSet<>();

  private CgroupDriver driver = CgroupDriver.CGROUPFS;
  private Optional<String> sandboxImage = Optional.empty();
  private List<Path> pluginFolders = List.of(Path.of("/opt/cni/bin"));
  private List<Registry> registries = List.of();
  private boolean clampOomScores;

  MadeUpNode() {
    for (String name : List.of("crio", "conmon", "crun")) {
      programs.add(Path.of("/usr/bin", name));
    }
  }

  MadeUpNode file(String path, String content) {
    files.put(Path.of(path), content);
    return this;
  }

  MadeUpNode main(String content) {
    return file(MAIN.toString(), content);
  }

  MadeUpNode dropIn(String name, String content) {
    return file(DROP_INS.resolve(name).toString(), content);
  }

  MadeUpNode executable(String path) {
    programs.add(Path.of(path));
    return this;
  }

  MadeUpNode without(String program) {
    programs.remove(Path.of("/usr/bin", program));
    return this;
  }

  MadeUpNode wishSystemd() {
    driver = CgroupDriver.SYSTEMD;
    return this;
  }

  MadeUpNode wishSandboxImage(String image) {
    sandboxImage = Optional.of(image);
    return this;
  }

  MadeUpNode wishPluginFolders(String... folders) {
    pluginFolders = List.of(folders).stream().map(Path::of).toList();
    return this;
  }

  MadeUpNode wishRegistries(Registry... wished) {
    registries = List.of(wished);
    return this;
  }

  MadeUpNode wishClampedOomScores() {
    clampOomScores = true;
    return this;
  }

  private NodeWishes wishes() {
    return new NodeWishes(
        driver, sandboxImage, Path.of("/etc/cni/net.d"), pluginFolders, registries, clampOomScores);
  }

  private static CrioSetup setup() {
    return new CrioSetup(MAIN, DROP_INS, List.of());
  }

  EnginePlan plan() throws SetupException {
    return setup().plan(wishes(), this);
  }

  List<Finding> findings() {
    return setup().examine(wishes(), this);
  }

  /**
   * The plan's files put where they belong, after which another plan must change nothing.
   *
   * @return our drop-in
   */
  String applied() throws SetupException {
    List<WantedFile> wanted = plan().files();
    wanted.forEach(file -> files.put(file.path(), file.content()));
    for (WantedFile again : plan().files()) {
      if (!again.content().equals(files.get(again.path()))) {
        throw new AssertionError("a second plan changes " + again);
      }
    }
    return content(DROP_INS + "/50-intermodal.conf");
  }

  String content(String path) {
    return Objects.requireNonNull(files.get(Path.of(path)), path);
  }

  @Override
  public Optional<String> read(Path file) {
    return Optional.ofNullable(files.get(file));
  }

  @Override
  public List<String> names(Path folder) {
    return files.keySet().stream()
        .filter(file -> file.startsWith(folder) && !file.equals(folder))
        .map(file -> folder.relativize(file).getName(0).toString())
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public Optional<Path> program(String name) {
    return Optional.of(Path.of("/usr/bin", name)).filter(programs::contains);
  }

  @Override
  public boolean executable(Path file) {
    return programs.contains(file);
  }

  @Override
  public String output(List<String> command) throws IOException {
    throw new IOException("no such program: " + command);
  }
}
