package io.intermodal.server.demo;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.LinuxContainerConfig;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.LinuxPodSandboxConfig;
import io.intermodal.cri.v1.LinuxSandboxSecurityContext;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.Signal;
import io.intermodal.server.pause.PauseImage;
import io.intermodal.server.pause.PauseProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The pod that is sent, and the folder of this run with its log.
 *
 * <p>Its container runs the program that greets callers. The built-in image holds it; into a named
 * image it is mounted, so that every step works with any image, even an empty one.
 *
 * @param uid tells this run's pod from every other
 * @param folder this run's folder
 * @param named the image that was asked for; empty for the built-in one
 * @param port the port that the container listens on
 */
record DemoPod(String uid, Path folder, Optional<String> named, int port) {
  /** Carried by the pod, with the uid as its value. */
  static final String LABEL = "io.intermodal.demo";

  static final String NAME = "hello";
  static final String NAMESPACE = "intermodal-demo";

  private static final String MOUNTED = "/intermodal-hello";
  private static final String LOG = "hello.log";

  static DemoPod of(DemoOptions options) {
    String uid = UUID.randomUUID().toString();
    return new DemoPod(uid, options.folder().resolve(uid), options.image(), options.port());
  }

  String image() {
    return named.orElseGet(() -> PauseImage.load().reference());
  }

  Path logFile() {
    return folder.resolve(LOG);
  }

  /** The command that makes the container's program say something. */
  List<String> say(String text) {
    return List.of(named.isPresent() ? MOUNTED : "/pause", "say", text);
  }

  /** Makes the folder, and the program in it if the image does not bring it. */
  void prepare() throws DemoException {
    try {
      Files.createDirectories(folder);
      if (named.isPresent()) {
        Path program = Files.write(program(), PauseProgram.load().elf().toByteArray());
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException e) {
      throw new DemoException("the folder %s cannot be made: %s".formatted(folder, e), e);
    }
  }

  /** Removes the folder and what the demo and the server put into it. */
  void tidy() throws IOException {
    Files.deleteIfExists(program());
    Files.deleteIfExists(logFile());
    Files.deleteIfExists(folder);
  }

  private Path program() {
    return folder.resolve("pause");
  }

  PodSandboxConfig sandbox() {
    return PodSandboxConfig.newBuilder()
        .setMetadata(
            PodSandboxMetadata.newBuilder().setName(NAME).setNamespace(NAMESPACE).setUid(uid))
        .setHostname(NAMESPACE)
        .setLogDirectory(folder.toString())
        .putLabels(LABEL, uid)
        .setLinux(
            LinuxPodSandboxConfig.newBuilder()
                .setSecurityContext(
                    LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(namespaces())))
        .build();
  }

  ContainerConfig container() {
    ContainerConfig.Builder config =
        ContainerConfig.newBuilder()
            .setMetadata(ContainerMetadata.newBuilder().setName(NAME))
            .setImage(ImageSpec.newBuilder().setImage(image()))
            .addArgs("hello")
            .addArgs(Integer.toString(port))
            .setLogPath(LOG)
            .putLabels(LABEL, uid)
            .setLinux(
                LinuxContainerConfig.newBuilder()
                    .setSecurityContext(
                        LinuxContainerSecurityContext.newBuilder()
                            .setNamespaceOptions(namespaces())));
    if (named.isPresent()) {
      config
          .addCommand(MOUNTED)
          .addMounts(
              Mount.newBuilder()
                  .setHostPath(program().toString())
                  .setContainerPath(MOUNTED)
                  .setReadonly(true))
          // The image's own may be one that the program does not know.
          .setStopSignal(Signal.SIGNAL_SIGTERM);
    }
    return config.build();
  }

  private static NamespaceOption namespaces() {
    return NamespaceOption.newBuilder().setPid(NamespaceMode.CONTAINER).build();
  }
}
