package io.intermodal.docker.api;

import com.github.dockerjava.api.model.Info;
import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.runtime.node.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the engine says of itself.
 *
 * @param version its own: {@code 26.1.5}
 * @param api the version of the API that is spoken with it
 * @param features what containers can ask of it
 * @param rootDir where it keeps images and containers
 * @param storageDriver {@code overlay2}
 * @param kernel the kernel's release
 */
public record EngineFacts(
    String version,
    ApiVersion api,
    EngineFeatures features,
    Path rootDir,
    String storageDriver,
    String kernel) {
  private static final String USUAL_RUNTIME = "runc";

  static EngineFacts of(Info info, ApiVersion api) {
    return new EngineFacts(
        text(info.getServerVersion()),
        api,
        features(info, api),
        Path.of(text(info.getDockerRootDir())),
        text(info.getDriver()),
        text(info.getKernelVersion()));
  }

  private static EngineFeatures features(Info info, ApiVersion api) {
    Map<String, ?> runtimes = Objects.requireNonNullElse(info.getRuntimes(), Map.of());
    List<String> options = Objects.requireNonNullElse(info.getSecurityOptions(), List.of());
    Set<String> security =
        options.stream().map(EngineFacts::optionName).collect(Collectors.toUnmodifiableSet());
    return new EngineFeatures(
        api.major(),
        api.minor(),
        text(info.getCGroupDriver()).equals("systemd")
            ? CgroupDriver.SYSTEMD
            : CgroupDriver.CGROUPFS,
        text(info.getCGroupVersion()).equals("2") ? Host.Cgroups.V2 : Host.Cgroups.V1,
        runtimes.keySet(),
        Optional.ofNullable(info.getRawValues().get("DefaultRuntime"))
            .map(Object::toString)
            .orElse(USUAL_RUNTIME),
        security.contains("seccomp"),
        security.contains("apparmor"),
        security.contains("selinux"));
  }

  /** Options look like {@code name=seccomp,profile=builtin}. */
  private static String optionName(String option) {
    String first = option.split(",", 2)[0];
    return first.startsWith("name=") ? first.substring("name=".length()) : first;
  }

  private static String text(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }
}
