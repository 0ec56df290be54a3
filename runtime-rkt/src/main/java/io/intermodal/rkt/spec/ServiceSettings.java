package io.intermodal.rkt.spec;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.runtime.CriException;
import java.util.ArrayList;
import java.util.List;

/**
 * What rkt has no flag for and the pod's systemd can do: lines that are added to an app's service.
 */
public final class ServiceSettings {
  private ServiceSettings() {}

  /**
   * The lines.
   *
   * @throws CriException INVALID_ARGUMENT for a path that is none
   */
  static List<String> lines(ContainerConfig config, String app) {
    List<String> lines = new ArrayList<>();
    LinuxContainerSecurityContext security = config.getLinux().getSecurityContext();
    if (AppSecurity.unconfined(security)) {
      lines.add("SystemCallFilter=");
    }
    if (security.getPrivileged()) {
      return lines;
    }
    lines.addAll(AppSecurity.bound(security));
    if (security.getNoNewPrivs()) {
      lines.add("NoNewPrivileges=true");
    }
    String root = "=-/opt/stage2/" + app + "/rootfs";
    security
        .getMaskedPathsList()
        .forEach(path -> lines.add("InaccessiblePaths" + root + checked(path)));
    security
        .getReadonlyPathsList()
        .forEach(path -> lines.add("ReadOnlyPaths" + root + checked(path)));
    return lines;
  }

  private static String checked(String path) {
    if (!path.startsWith("/")
        || path.chars().anyMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\'')
        || path.contains("\\")
        || List.of(path.split("/", -1)).contains("..")) {
      throw CriException.invalid(
          "masked_paths, readonly_paths: \"%s\" (expected: an absolute path without \"..\" and spaces)"
              .formatted(path));
    }
    return path.replace("%", "%%");
  }
}
