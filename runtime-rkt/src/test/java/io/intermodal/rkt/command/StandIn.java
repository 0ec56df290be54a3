package io.intermodal.rkt.command;

import io.intermodal.rkt.image.aci.AciManifest;
import io.intermodal.rkt.pod.PodHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program that answers as rkt does, from files in a folder. */
public final class StandIn {
  private final Path folder;
  private final Path program;

  private StandIn(Path folder, Path program) {
    this.folder = folder;
    this.program = program;
  }

  /** An rkt without pods and images. */
  public static StandIn in(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("pods"));
    Files.createDirectories(folder.resolve("manifests"));
    Files.createDirectories(folder.resolve("proc"));
    Files.createDirectories(folder.resolve("cgroups/systemd"));
    Files.writeString(folder.resolve("images"), "[]");
    Files.writeString(folder.resolve("calls"), "");
    Path program = folder.resolve("rkt");
    try (InputStream script = StandIn.class.getResourceAsStream("/rkt")) {
      Files.copy(Objects.requireNonNull(script, "the script is missing"), program);
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new StandIn(folder, program);
  }

  /** How it is called: by way of a wrapper, as the real one often is. */
  public RktCommand command() {
    return new RktCommand(List.of("env", "RKT_STANDIN=" + folder, program.toString()));
  }

  public Rkt rkt() {
    return new Rkt(command(), host());
  }

  /** The host that its pods see. */
  private PodHost host() {
    List<String> inside = new ArrayList<>(command().words());
    inside.add("inside");
    return new PodHost(folder.resolve("proc"), folder.resolve("cgroups"), inside);
  }

  /** Puts an image without contents into its store: its programs are this host's. */
  public void image(String id) throws IOException {
    Files.writeString(
        folder.resolve("images"), "[{\"id\":\"sha512-1\",\"name\":\"lab/busybox\",\"size\":4096}]");
    Files.writeString(
        folder.resolve("manifests/sha512-1"),
        """
        {"acKind":"ImageManifest","name":"lab/busybox","app":{"exec":["/bin/sh"],"user":"0","group":"0"},
         "annotations":[{"name":"%s","value":"%s"}]}
        """
            .formatted(AciManifest.IMAGE_ID, id));
  }

  /** Makes pods fail to come up, saying this; they come up again when it is empty. */
  public void sandboxFails(String said) throws IOException {
    Path file = folder.resolve("sandbox-fails");
    if (said.isEmpty()) {
      Files.delete(file);
    } else {
      Files.writeString(file, said);
    }
  }

  /** The pods that rkt knows. */
  public List<String> pods() throws IOException {
    try (Stream<Path> pods = Files.list(folder.resolve("pods"))) {
      return pods.map(pod -> pod.getFileName().toString()).toList();
    }
  }

  /** Ends what runs. */
  public void end() {
    ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).contains(folder.toString()))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException e) {
      // It has ended.
      return "";
    }
  }

  /** A pod of this state. */
  public Path pod(String uuid, String state, Map<String, String> annotations) throws IOException {
    Path pod = folder.resolve("pods").resolve(uuid);
    Files.createDirectories(pod.resolve("apps"));
    Files.writeString(pod.resolve("state"), state);
    write(pod.resolve("annotations"), annotations);
    return pod;
  }

  /** An app of this state in a pod. */
  public Path app(String uuid, String name, String state, Map<String, String> annotations)
      throws IOException {
    Path app = folder.resolve("pods").resolve(uuid).resolve("apps").resolve(name);
    Files.createDirectories(app);
    Files.writeString(app.resolve("state"), state);
    Files.writeString(app.resolve("image"), "sha512-1");
    if (!state.equals("created")) {
      Files.writeString(app.resolve("started"), "");
    }
    write(app.resolve("annotations"), annotations);
    return app;
  }

  private static void write(Path file, Map<String, String> annotations) throws IOException {
    Files.writeString(
        file,
        annotations.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  /** Makes a command hang for ever. */
  public void hang(String command) throws IOException {
    Files.writeString(folder.resolve("hang"), command);
  }

  /** What it was called with, a line each. */
  public List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"), StandardCharsets.UTF_8);
  }

  public Path folder() {
    return folder;
  }
}
