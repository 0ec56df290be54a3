package io.intermodal.rkt.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

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
    return new Rkt(command());
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
