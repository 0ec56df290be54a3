package io.intermodal.docker.spec;

import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.CDIDevice;
import io.intermodal.runtime.CriException;
import java.io.File;
import java.util.List;
import java.util.regex.Pattern;

/** A container's devices: nodes of the host, and those that a CDI specification describes. */
final class Devices {
  private static final Pattern PERMISSIONS = Pattern.compile("[rwm]{1,3}");
  private static final String ALL_PERMISSIONS = "rwm";
  private static final int CDI = 44;

  private final EngineFeatures features;

  Devices(EngineFeatures features) {
    this.features = features;
  }

  /**
   * Puts the devices into Docker's request. A folder stands for the device nodes in it: Docker
   * walks it.
   *
   * @throws CriException INVALID_ARGUMENT for a device that the host does not have, UNIMPLEMENTED
   *     for CDI on an older engine
   */
  void fill(
      HostConfig target, List<io.intermodal.cri.v1.Device> devices, List<CDIDevice> cdiDevices) {
    if (!devices.isEmpty()) {
      target.withDevices(devices.stream().map(Devices::device).toList());
    }
    if (!cdiDevices.isEmpty()) {
      List<String> names = cdiDevices.stream().map(CDIDevice::getName).toList();
      features.require(1, CDI, "CDI devices " + names);
      target.withDeviceRequests(
          List.of(new DeviceRequest().withDriver("cdi").withDeviceIds(names)));
    }
  }

  private static Device device(io.intermodal.cri.v1.Device wish) {
    String host = wish.getHostPath();
    if (!host.startsWith("/") || !new File(host).exists()) {
      throw CriException.invalid("device \"%s\": this host has no such path".formatted(host));
    }
    String permissions = wish.getPermissions().isEmpty() ? ALL_PERMISSIONS : wish.getPermissions();
    if (!PERMISSIONS.matcher(permissions).matches()) {
      throw CriException.invalid(
          "device \"%s\": permissions \"%s\" (expected: letters of rwm)"
              .formatted(host, permissions));
    }
    return new Device(
        permissions, wish.getContainerPath().isEmpty() ? host : wish.getContainerPath(), host);
  }
}
