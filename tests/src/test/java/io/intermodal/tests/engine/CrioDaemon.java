package io.intermodal.tests.engine;

import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A CRI-O with folders, a socket and a pod network of its own; its cgroup driver is cgroupfs. */
public final class CrioDaemon implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path folder;
  private final Path sockets;
  private final Process process;

  private CrioDaemon(Path folder, Path sockets, Process process) {
    this.folder = folder;
    this.sockets = sockets;
    this.process = process;
  }

  /** One that runs pods and tells what happens to them. */
  static CrioDaemon start(CrioProgram program, Path folder, CniNetwork network, TestImages images) {
    try {
      Files.createDirectories(folder.resolve("conf.d"));
      // With a container's id in it, a socket's path is too long in the other folder.
      Path sockets = Files.createTempDirectory(Path.of("/run"), "im-");
      Files.writeString(
          folder.resolve("crio.conf"), configuration(program, folder, sockets, network, images));
      Files.writeString(
          folder.resolve("policy.json"), "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
      Files.writeString(folder.resolve("registries.conf"), registries(images));
      CrioDaemon crio = new CrioDaemon(folder, sockets, launch(program, folder));
      crio.awaitSocket();
      return crio;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing of it may be where a CRI-O of the host has its own. */
  private static String configuration(
      CrioProgram program, Path folder, Path sockets, CniNetwork network, TestImages images) {
    return """
    [crio]
    root = "%1$s/data"
    runroot = "%1$s/run"
    storage_driver = "overlay"
    log_dir = "%1$s/log"
    version_file = "%1$s/version"
    version_file_persist = "%1$s/version-kept"
    clean_shutdown_file = "%1$s/clean.shutdown"
    internal_wipe = false

    [crio.api]
    listen = "%1$s/crio.sock"
    stream_address = "127.0.0.1"
    stream_port = "0"

    [crio.runtime]
    default_runtime = "runc"
    cgroup_manager = "cgroupfs"
    conmon_cgroup = "pod"
    container_exits_dir = "%1$s/exits"
    container_attach_socket_dir = "%5$s"
    namespaces_dir = "%1$s/ns"
    decryption_keys_path = "%1$s/keys"
    hooks_dir = []
    apparmor_profile = "unconfined"
    enable_pod_events = true
    irqbalance_config_file = "%1$s/irqbalance"
    irqbalance_config_restore_file = "disable"

    [crio.runtime.runtimes.runc]
    runtime_path = "%4$s"
    runtime_type = "oci"
    runtime_root = "%1$s/runc"
    monitor_path = "/usr/bin/conmon"
    monitor_cgroup = "pod"

    [crio.image]
    pause_image = "%3$s"
    pause_command = "/pause"
    signature_policy = "%1$s/policy.json"
    signature_policy_dir = "%1$s/policies"

    [crio.network]
    network_dir = "%2$s"
    plugin_dirs = ["/opt/cni/bin", "/usr/lib/cni"]

    [crio.nri]
    enable_nri = false
    """
        .formatted(folder, network.folder(), images.pause().byTag(), program.runtime(), sockets);
  }

  private static String registries(TestImages images) {
    return images.registries().stream()
        .map(address -> "[[registry]]\nlocation = \"%s\"\ninsecure = true\n".formatted(address))
        .collect(Collectors.joining("\n", "unqualified-search-registries = []\n", ""));
  }

  private static Process launch(CrioProgram program, Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            program.crio().toString(),
            "--config=" + folder.resolve("crio.conf"),
            "--config-dir=" + folder.resolve("conf.d"),
            "--registries-conf=" + folder.resolve("registries.conf"));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", program.searchPath());
    environment.put("HOME", folder.toString());
    environment.put("CONTAINERS_REGISTRIES_CONF", folder.resolve("registries.conf").toString());
    return builder
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(folder.resolve("crio.log").toFile()))
        .start();
  }

  private void awaitSocket() {
    Await.until(
        "CRI-O listens on " + socket(),
        START,
        () -> {
          if (!process.isAlive()) {
            throw new IOException("CRI-O ended: see " + folder.resolve("crio.log"));
          }
          return CriChannel.accepts(socket());
        });
  }

  private Path socket() {
    return folder.resolve("crio.sock");
  }

  /** The socket as settings name it: {@code unix:///…}. */
  String endpoint() {
    return "unix://" + socket();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      try (CriChannel channel = new CriChannel(socket())) {
        channel.removeAllPods();
      }
    }
    Command.end(process);
    var _ = Command.run(List.of("rm", "-rf", sockets.toString()));
  }
}
