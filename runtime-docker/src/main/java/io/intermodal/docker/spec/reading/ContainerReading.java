package io.intermodal.docker.spec.reading;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.ContainerResources;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ContainerUser;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.cri.v1.LinuxContainerUser;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.Signal;
import io.intermodal.docker.spec.labels.ContainerIdentity;
import io.intermodal.docker.spec.labels.ContainerIdentity.AskedImage;
import io.intermodal.docker.spec.resources.ResourceSpec;
import io.intermodal.runtime.contract.StopSignals;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Docker's inspect answer says about a container of ours.
 *
 * @param id Docker's id
 * @param identity what name and labels say
 * @param process where it is in its life
 * @param imageId id of its image: {@code sha256:…}
 * @param imageName the image as Docker was asked for it; an id when we made the container
 * @param resources its limits
 * @param mounts its mounts as asked for
 * @param user who its process is, if the configuration says so by numbers; empty when that depends
 *     on the image's files
 * @param stopSignal what it is sent to stop
 * @param tty whether it has a terminal
 * @param stdin whether its standard input can be attached to
 * @param cgroupParent its cgroup parent as Docker has it, "" for Docker's own
 */
public record ContainerReading(
    String id,
    ContainerIdentity identity,
    ProcessState process,
    String imageId,
    String imageName,
    LinuxContainerResources resources,
    List<Mount> mounts,
    Optional<LinuxContainerUser> user,
    Signal stopSignal,
    boolean tty,
    boolean stdin,
    String cgroupParent) {
  private static final Pattern NUMERIC_USER = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

  public ContainerReading {
    mounts = List.copyOf(mounts);
  }

  /** Reads it; empty when it is not a container of a pod of ours. */
  public static Optional<ContainerReading> of(InspectContainerResponse inspected) {
    ContainerConfig config = inspected.getConfig();
    if (config == null || config.getLabels() == null) {
      return Optional.empty();
    }
    HostConfig hostConfig =
        inspected.getHostConfig() == null ? new HostConfig() : inspected.getHostConfig();
    return ContainerIdentity.read(orEmpty(inspected.getName()), config.getLabels())
        .map(identity ->
            new ContainerReading(
                orEmpty(inspected.getId()),
                identity,
                ProcessState.of(inspected),
                orEmpty(inspected.getImageId()),
                orEmpty(config.getImage()),
                ResourceSpec.read(hostConfig, identity.cgroupSettings()),
                Mounts.of(inspected),
                user(orEmpty(config.getUser()), hostConfig.getGroupAdd()),
                StopSignals.of(
                    InspectJson.of(inspected).field("Config").field("StopSignal").text()),
                Boolean.TRUE.equals(config.getTty()),
                Boolean.TRUE.equals(config.getStdinOpen()),
                orEmpty(hostConfig.getCgroupParent())));
  }

  /**
   * What an inspection would say of a container that was made just now from this request, as far as
   * the request tells. Of the image's own stop signal it does not.
   *
   * @param now nanoseconds since 1970
   */
  public static ContainerReading created(
      String id,
      ContainerIdentity identity,
      CreateContainerCmd made,
      io.intermodal.cri.v1.ContainerConfig config,
      long now) {
    HostConfig hostConfig = made.getHostConfig() == null ? new HostConfig() : made.getHostConfig();
    String imageId = orEmpty(made.getImage());
    return new ContainerReading(
        id,
        identity,
        new ProcessState(ContainerState.CONTAINER_CREATED, now, 0, 0, 0, "", "", 0),
        imageId,
        imageId,
        ResourceSpec.read(hostConfig, identity.cgroupSettings()),
        Mounts.of(config, made.getLabels() == null ? Map.of() : made.getLabels()),
        user(orEmpty(made.getUser()), hostConfig.getGroupAdd()),
        config.getStopSignal(),
        config.getTty(),
        config.getStdin(),
        orEmpty(hostConfig.getCgroupParent()));
  }

  /**
   * All that Docker's answer gives for CRI's status. The image's name is the one asked for; of a
   * taken-over container, the one that Docker was given.
   */
  public ContainerStatus.Builder status() {
    AskedImage image = identity.image().orElseGet(() -> new AskedImage(imageName, ""));
    ContainerStatus.Builder status =
        ContainerStatus.newBuilder()
            .setId(id)
            .setMetadata(identity.metadata())
            .setState(process.state())
            .setCreatedAt(process.createdAt())
            .setStartedAt(process.startedAt())
            .setFinishedAt(process.finishedAt())
            .setExitCode(process.exitCode())
            .setReason(process.reason())
            .setMessage(process.message())
            .setImage(
                ImageSpec.newBuilder()
                    .setImage(image.name())
                    .setUserSpecifiedImage(image.userSpecified()))
            .setImageRef(imageId)
            .setImageId(imageId)
            .putAllLabels(identity.labels())
            .putAllAnnotations(identity.annotations())
            .addAllMounts(mounts)
            .setLogPath(identity.logPath())
            .setResources(ContainerResources.newBuilder().setLinux(resources))
            .setStopSignal(stopSignal);
    user.ifPresent(known -> status.setUser(ContainerUser.newBuilder().setLinux(known)));
    return status;
  }

  private static Optional<LinuxContainerUser> user(String user, @Nullable List<String> groups) {
    Matcher numbers = NUMERIC_USER.matcher(user);
    if (!numbers.matches()) {
      return Optional.empty();
    }
    LinuxContainerUser.Builder known =
        LinuxContainerUser.newBuilder()
            .setUid(Long.parseLong(numbers.group(1)))
            .setGid(Long.parseLong(numbers.group(2)));
    if (groups != null) {
      groups.stream()
          .filter(group -> NUMBER.matcher(group).matches())
          .forEach(group -> known.addSupplementalGroups(Long.parseLong(group)));
    }
    return Optional.of(known.build());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
