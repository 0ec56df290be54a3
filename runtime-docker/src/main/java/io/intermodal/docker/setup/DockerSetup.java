package io.intermodal.docker.setup;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.EnginePlan;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeSetup;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Docker on a node: the cgroup driver that the kubelet uses, pods that outlive dockerd, registries.
 *
 * <p>Logs need no limit there, since a pod's containers are made with one. The network of pods and
 * their sandbox image are this server's.
 */
public final class DockerSetup implements NodeSetup {
  private static final String UNIT = "docker.service";
  private static final String EXEC_OPTIONS = "exec-opts";
  private static final String DRIVER = "native.cgroupdriver=";
  private static final String LIVE_RESTORE = "live-restore";
  private static final String HUB = "docker.io";
  private static final Path CERTIFICATES = Path.of("/etc/docker/certs.d");

  /** The name under which dockerd before 23 signs; it is made when it starts for the first time. */
  private static final Path KEY = Path.of("/etc/docker/key.json");

  @Override
  public EnginePlan plan(NodeWishes wishes, NodeFiles files) throws SetupException {
    Path program =
        files
            .program("dockerd")
            .orElseThrow(() ->
                new SetupException(
                    "Docker is not installed: there is no dockerd (on Debian: apt install docker.io)"));
    DaemonJson settings = settings(files);
    String driver = wishes.cgroupDriver() == CgroupDriver.SYSTEMD ? "systemd" : "cgroupfs";
    settings.add(
        EXEC_OPTIONS,
        DRIVER,
        DRIVER + driver,
        "the kubelet and Docker must make cgroups the same way, which is %s here"
            .formatted(driver));
    settings.set(
        LIVE_RESTORE,
        true,
        "pods must go on while dockerd is restarted, as by this and by upgrades");
    List<WantedFile> all = new ArrayList<>();
    for (Registry registry : wishes.registries()) {
      all.addAll(registry(registry, settings, files));
    }
    String reason = settings.reason();
    all.addFirst(
        new WantedFile(
            DaemonJson.PATH,
            settings.text(),
            reason.isEmpty() ? "dockerd reads it when it starts" : reason));
    return new EnginePlan(
        all, Optional.of(new Daemon(UNIT, List.of(program.toString()))), leavings(files));
  }

  /** dockerd's bridge and chains stay when it ends. */
  private static Leavings leavings(NodeFiles files) throws SetupException {
    try {
      boolean itsOwn = files.read(KEY).isEmpty();
      return new Leavings(List.of("docker0"), List.of("DOCKER"), itsOwn ? List.of(KEY) : List.of());
    } catch (IOException e) {
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
  }

  private static DaemonJson settings(NodeFiles files) throws SetupException {
    try {
      return DaemonJson.read(files.read(DaemonJson.PATH));
    } catch (IOException e) {
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<WantedFile> registry(Registry registry, DaemonJson settings, NodeFiles files)
      throws SetupException {
    for (URI mirror : registry.mirrors()) {
      if (!registry.host().equals(HUB)) {
        throw new SetupException(
            "Docker knows mirrors of %s only, none of %s: leave its mirror out, or use another engine"
                .formatted(HUB, registry.host()));
      }
      settings.add(
          "registry-mirrors",
          "",
          mirror.toString(),
          "images of %s come from %s".formatted(HUB, mirror));
      if (mirror.getScheme().equals("http")) {
        settings.add(
            "insecure-registries", "", mirror.getAuthority(), mirror + " is asked without TLS");
      }
    }
    if (registry.insecure()) {
      settings.add(
          "insecure-registries",
          "",
          registry.host(),
          registry.host() + " is asked without TLS, or whoever vouches for it");
    }
    if (registry.authority().isEmpty()) {
      return List.of();
    }
    Path authority = registry.authority().get();
    try {
      String content =
          files
              .read(authority)
              .orElseThrow(() ->
                  new SetupException(
                      "the certificate authority of %s is not there: %s"
                          .formatted(registry.host(), authority)));
      return List.of(
          new WantedFile(
              CERTIFICATES.resolve(registry.host()).resolve("ca.crt"),
              content,
              "Docker asks it who vouches for " + registry.host()));
    } catch (IOException e) {
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public List<Finding> examine(NodeWishes wishes, NodeFiles files) {
    if (files.program("dockerd").isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    try {
      DaemonJson settings = settings(files);
      String wished = wishes.cgroupDriver() == CgroupDriver.SYSTEMD ? "systemd" : "cgroupfs";
      List<String> drivers = settings.find(EXEC_OPTIONS, DRIVER);
      if (!drivers.isEmpty() && !drivers.getLast().equals(DRIVER + wished)) {
        findings.add(
            new Finding(
                Finding.Severity.BROKEN,
                "docker",
                "%s sets the cgroup driver to %s, the kubelet's is %s here: pods do not start"
                    .formatted(
                        DaemonJson.PATH, drivers.getLast().substring(DRIVER.length()), wished),
                "set \"%s\": [\"%s%s\"] in %s and restart dockerd, or run \"intermodal node up\""
                    .formatted(EXEC_OPTIONS, DRIVER, wished, DaemonJson.PATH)));
      }
      if (!settings.isOn(LIVE_RESTORE)) {
        findings.add(
            new Finding(
                Finding.Severity.DOUBTFUL,
                "docker",
                "dockerd does not have live-restore: all pods end when it is restarted or upgraded",
                "set \"%s\": true in %s and restart dockerd, or run \"intermodal node up\""
                    .formatted(LIVE_RESTORE, DaemonJson.PATH)));
      }
    } catch (SetupException e) {
      findings.add(
          new Finding(
              Finding.Severity.BROKEN,
              "docker",
              String.valueOf(e.getMessage()),
              "mend %s and restart dockerd".formatted(DaemonJson.PATH)));
    }
    return findings;
  }
}
