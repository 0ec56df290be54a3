package io.intermodal.tests.suite.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.setup.EnginePlan;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeSetup;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** containerd itself tells what it makes of a configuration that was written or edited. */
class ContainerdSetupIT {
  private static final Path CONFIG = Path.of("/etc/containerd/config.toml");

  private static final NodeWishes WISHES =
      new NodeWishes(
          CgroupDriver.SYSTEMD,
          Optional.of("registry.example.com/pause:1"),
          Path.of("/etc/networks.d"),
          List.of(Path.of("/opt/plugins")),
          List.of(),
          true);

  private static final String DOCKERS = "# Docker's packages say:\ndisabled_plugins = [\"cri\"]\n";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "intermodal.tests.containerd,/usr/bin/containerd",
    "intermodal.tests.containerd.newer,''"
  })
  void containerd_reads_what_was_wished(String property, String otherwise)
      throws IOException, SetupException {
    String containerd = System.getProperty(property, otherwise);
    assumeTrue(Files.isExecutable(Path.of(containerd)), "no containerd, see -D" + property);
    String its = Command.output(containerd, "config", "default");
    for (Optional<String> there :
        List.of(Optional.<String>empty(), Optional.of(its), Optional.of(DOCKERS))) {
      String written = written(containerd, there);
      assertThat(inForce(containerd, written))
          .as("what %s makes of\n%s", containerd, written)
          .contains("SystemdCgroup = true")
          .contains("restrict_oom_score_adj = true")
          .contains("conf_dir = \"/etc/networks.d\"")
          .contains("\"/opt/plugins\"")
          .contains("\"registry.example.com/pause:1\"")
          .contains("disabled_plugins = []")
          .doesNotContain("level=");
    }
  }

  private static String written(String containerd, Optional<String> there) throws SetupException {
    EnginePlan plan = setup().plan(WISHES, new NodeWithContainerd(containerd, there));
    assertThat(plan.files()).extracting(WantedFile::path).containsExactly(CONFIG);
    return plan.files().getFirst().content();
  }

  private static NodeSetup setup() {
    return ServiceLoader.load(ContainerEngine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(engine -> engine.name().equals("containerd"))
        .map(ContainerEngine::nodeSetup)
        .findFirst()
        .orElseThrow();
  }

  /** Version 3 is written with other quotation marks than version 2. */
  private String inForce(String containerd, String config) throws IOException {
    Path file = Files.writeString(folder.resolve("config.toml"), config);
    return Command.output(containerd, "--config", file.toString(), "config", "dump")
        .replace('\'', '"');
  }

  /**
   * A node with nothing on it but a containerd.
   *
   * @param there its configuration
   */
  private record NodeWithContainerd(String containerd, Optional<String> there)
      implements NodeFiles {
    @Override
    public Optional<String> read(Path file) {
      return there.filter(any -> file.equals(CONFIG));
    }

    @Override
    public List<String> names(Path folder) {
      return there.isPresent() && folder.equals(CONFIG.getParent())
          ? List.of("config.toml")
          : List.of();
    }

    @Override
    public Optional<Path> program(String name) {
      return name.equals("containerd") ? Optional.of(Path.of(containerd)) : Optional.empty();
    }

    @Override
    public boolean executable(Path file) {
      return false;
    }

    @Override
    public String output(List<String> command) {
      return Command.output(command.toArray(String[]::new));
    }
  }
}
