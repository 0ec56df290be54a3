package io.intermodal.rkt.spec;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.runtime.CriException;
import java.util.ArrayList;
import java.util.List;

/**
 * What rkt has no flag for and the pod's systemd can do: lines that are added to an app's service.
 *
 * <p>rkt's writer of output ends with the app and loses what is on its way then, all of it when the
 * app has lived shorter than the writer took to start. So the service ends a moment later than its
 * process. systemd runs something at the end of a service only when its streams are named as files.
 */
public final class ServiceSettings {
  private static final String LINGER =
      "ExecStopPost=/usr/bin/bash -c \"read -t 0.25 <>/run/systemd/inaccessible/fifo || true\"";

  private ServiceSettings() {}

  /**
   * The lines.
   *
   * @throws CriException INVALID_ARGUMENT for a path that is none
   */
  static List<String> lines(ContainerConfig config, String app) {
    List<String> lines = new ArrayList<>();
    if (!config.getTty()) {
      String streams = "/rkt/iottymux/" + app + "/stage2-";
      if (config.getStdin()) {
        lines.add("StandardInput=file:" + streams + "stdin");
      }
      lines.add("StandardOutput=file:" + streams + "stdout");
      lines.add("StandardError=file:" + streams + "stderr");
      lines.add("RootDirectoryStartOnly=true");
      lines.add(LINGER);
    }
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
