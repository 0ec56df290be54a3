package io.intermodal.docker.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.UpdateContainerCmd;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;
import com.github.dockerjava.core.command.UpdateContainerCmdImpl;
import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.node.Host;
import java.io.UncheckedIOException;
import java.util.Set;

/** Requests as Docker gets to see them, and answers as it gives them: JSON by docker-java. */
public final class Requested {
  private static final ObjectMapper JSON =
      DefaultDockerClientConfig.createDefaultConfigBuilder().build().getObjectMapper();

  /** A host that forbids scores below 100. */
  public static final Host HOST = new Host(Host.Cgroups.V2, 100, false, false);

  private Requested() {}

  public static CreateContainerCmd creation() {
    return new CreateContainerCmdImpl(
        command -> {
          throw new AssertionError("not to be executed");
        },
        null,
        "");
  }

  public static UpdateContainerCmd update() {
    return new UpdateContainerCmdImpl(
        command -> {
          throw new AssertionError("not to be executed");
        },
        "c1");
  }

  /** The body as it goes over the wire. */
  public static JsonNode body(Object command) {
    return JSON.valueToTree(command);
  }

  /** Docker's answer to an inspect request; single quotes stand for double ones. */
  public static InspectContainerResponse inspected(String json) {
    try {
      return JSON.readValue(json.replace('\'', '"'), InspectContainerResponse.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Docker with this API version, cgroup version 2 and systemd, everything else switched on. */
  public static EngineFeatures docker(int apiMinor) {
    return new EngineFeatures(
        1,
        apiMinor,
        CgroupDriver.SYSTEMD,
        Host.Cgroups.V2,
        Set.of("runc", "runsc"),
        "runc",
        true,
        true,
        true);
  }

  /** Docker 20.10 on an old host: cgroup version 1, no systemd, no security modules. */
  public static EngineFeatures oldDocker() {
    return new EngineFeatures(
        1, 41, CgroupDriver.CGROUPFS, Host.Cgroups.V1, Set.of("runc"), "runc", false, false, false);
  }
}
