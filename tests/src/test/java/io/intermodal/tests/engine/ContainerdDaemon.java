package io.intermodal.tests.engine;

import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.HostProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A containerd with folders, a socket and a pod network of its own. Its socket serves CRI to
 * whoever wants to look past the server under test.
 */
public final class ContainerdDaemon implements AutoCloseable {
  /** Of the file of {@link #anotherWithoutCri}. */
  public static final int LINE_WITHOUT_CRI = 5;

  private static final Duration START = Duration.ofSeconds(60);

  private final ContainerdProgram program;
  private final Path folder;
  private Process process;

  private ContainerdDaemon(ContainerdProgram program, Path folder, String configuration) {
    this.program = program;
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      Files.writeString(configurationFile(), configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.process = launch();
  }

  /** One that runs pods. */
  static ContainerdDaemon start(
      ContainerdProgram program, Path folder, CniNetwork network, String sandboxImage) {
    // 2.x reads this version too, and brings it to its own.
    String configuration =
        """
        version = 2
        root = "%1$s/data"
        state = "%1$s/state"

        [grpc]
          address = "%1$s/containerd.sock"

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%2$s"
          # Hosts without CAP_SYS_RESOURCE cannot protect a sandbox from the kernel.
          restrict_oom_score_adj = true
          disable_apparmor = true
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"

          [plugins."io.containerd.grpc.v1.cri".cni]
            conf_dir = "%3$s"
            bin_dir = "%4$s"

        [plugins."io.containerd.internal.v1.opt"]
          path = "%1$s/opt"

        [plugins."io.containerd.nri.v1.nri"]
          disable = true
        """
            .formatted(folder, sandboxImage, network.folder(), pluginFolder());
    return new ContainerdDaemon(program, folder, configuration);
  }

  /** One with CRI switched off, as in Docker's packages, in {@link #LINE_WITHOUT_CRI}. */
  static ContainerdDaemon withoutCri(ContainerdProgram program, Path folder) {
    String configuration =
        """
        version = 2
        root = "%1$s/data"
        state = "%1$s/state"

        disabled_plugins = ["io.containerd.grpc.v1.cri"]

        [grpc]
          address = "%1$s/containerd.sock"

        [plugins."io.containerd.internal.v1.opt"]
          path = "%1$s/opt"
        """
            .formatted(folder);
    return new ContainerdDaemon(program, folder, configuration);
  }

  /** containerd searches one folder. */
  private static Path pluginFolder() {
    return Stream.of("/opt/cni/bin", "/usr/lib/cni")
        .map(Path::of)
        .filter(candidate -> Files.isExecutable(candidate.resolve("bridge")))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "no CNI plugins: apt-get install containernetworking-plugins"));
  }

  private Process launch() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
              program.containerd().toString(), "--config", configurationFile().toString());
      Map<String, String> environment = builder.environment();
      environment.clear();
      environment.put("PATH", program.searchPath());
      environment.put("HOME", folder.toString());
      Path output = folder.resolve("containerd.log");
      Process started =
          builder
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(output.toFile()))
              .start();
      Await.until(
          "containerd listens on " + socket(),
          START,
          () -> {
            if (!started.isAlive()) {
              throw new IOException("containerd ended: see " + output);
            }
            return listens();
          });
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    return Command.run(
                List.of(
                    program.containerd().resolveSibling("ctr").toString(),
                    "--address",
                    socket().toString(),
                    "version"))
            .exitCode()
        == 0;
  }

  public Path socket() {
    return folder.resolve("containerd.sock");
  }

  /** The socket as settings name it: {@code unix:///…}. */
  public String endpoint() {
    return "unix://" + socket();
  }

  /** The file that it was started with. */
  public Path configurationFile() {
    return folder.resolve("config.toml");
  }

  /** {@code 1.6.20}. */
  public String version() {
    return program.version();
  }

  /** Another one beside it that has CRI switched off. */
  public ContainerdDaemon anotherWithoutCri(Path folder) {
    return withoutCri(program, folder);
  }

  /** Its process, until it is started again. */
  public HostProcess process() {
    return new HostProcess(process.pid());
  }

  /** SIGKILL; its containers keep running. */
  public void kill() {
    process.destroyForcibly();
    Await.until("containerd has ended", START, () -> !process.isAlive());
  }

  /** Starts it again over the same data. */
  public void startAgain() {
    process = launch();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      try (CriChannel channel = new CriChannel(socket())) {
        channel.removeAllPods();
      }
    }
    Command.end(process);
  }
}
